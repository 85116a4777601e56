"""Who is what to whom, beyond working at a company; and whose birthday is near."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from circulo.desk.demo.people import Somebody
from circulo.parties.models import Relationship

Kind = Relationship.Kind


@dataclass(frozen=True)
class Tie:
    """What one party is to another."""

    party: str
    kind: str
    other: str
    role: str = ""
    since: date | None = None
    until: date | None = None


def ties(seed: int, today: date, everybody: dict[str, Somebody]) -> list[Tie]:
    """Households, former jobs, recommendations and members of the association."""
    rng = random.Random(f"ties {seed}")
    private = [key for key in everybody if key.startswith("private/")]
    employed = [s for s in everybody.values() if s.company]
    firms = [s for s in everybody.values() if s.line and s.line.lifecycle == "customer"]
    found = [
        Tie(a, Kind.HOUSEHOLD, b) for a, b in zip(private[:16:2], private[1:16:2], strict=True)
    ]
    for person in rng.sample(employed, 18):
        former = rng.choice([firm for firm in firms if firm.key != person.company])
        start = today - timedelta(days=rng.randint(1800, 4000))
        found.append(Tie(person.key, Kind.WORKS_AT, former.key, "Ayudante", start,
                         start + timedelta(days=rng.randint(300, 1500))))  # fmt: skip
    for key, friend in zip(private[20:34], rng.sample(private[40:], 14), strict=True):
        found.append(Tie(key, Kind.REFERRED_BY, friend))
    association = "Colegio Oficial de Sumilleres del Norte"
    for person in employed:
        if "Sumiller" in person.said["job_title"] and len(found) < 60:
            found.append(Tie(person.key, Kind.MEMBER_OF, association))
    return found


def bring_birthdays_near(seed: int, today: date, everybody: dict[str, Somebody]) -> None:
    """Five people have their birthday in the week that begins today."""
    rng = random.Random(f"birthdays {seed}")
    people = [s for s in everybody.values() if s.kind == "person" and s.line is None]
    for days, somebody in enumerate(rng.sample(people, 5)):
        near = today + timedelta(days=days)
        born = date(near.year - rng.randint(28, 61), near.month, min(near.day, 28))
        somebody.said["birthday"] = born.isoformat()
