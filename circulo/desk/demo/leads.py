"""What came in at the demo firm: two years of leads, the same for a seed and a day.

There is something to find in them: who was recommended becomes a customer far more often than who
wrote by the web, the raffle of one summer brought many and nearly nobody of worth, and whoever is
answered within the hour buys twice as often as who waits for days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from random import Random

from circulo.desk.demo import cast
from circulo.desk.demo.names import PLACES
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import MADRID

MONTHS, PER_MONTH, RAFFLE = 24, 9, 30
LATELY, LATEST = 12, 14  # what came in the last days is open still
SOURCES = {"Recomendación": 0.62, "Feria Alimentaria": 0.44, "Llamada": 0.3, "Web": 0.22}
CAMPAIGNS = ("", "", "Catálogo de otoño", "Cata abierta")
BAD = "Sorteo de verano"
BAD_CHANCE, QUICK, SLOW = 0.03, 1.35, 0.55
MESSAGES = (
    "Buscamos un vino de la casa para un restaurante de cuarenta mesas.",
    "¿Sirven conservas a comercios pequeños? Querría ver la tarifa.",
    "Quiero lotes de Navidad para ochenta empleados.",
    "Nos gustó el espárrago en la feria. ¿Nos mandan muestras?",
    "¿Hacen marca blanca? Pónganse en contacto, por favor.",
    "",
)
GIVEN = ("Lucía", "Iker", "Amparo", "Hugo", "Noelia", "Rubén", "Aitana", "Sergio", "Maite", "Joan")
SURNAMES = ("Serrano", "Iglesias", "Peña", "Ibáñez", "Cano", "Ferrer", "Ortega", "Núñez", "Rey")
CITIES = ("Burgos", "Sevilla", "Bilbao", "Zamora")


@dataclass(frozen=True)
class Asked:
    """Somebody who asked for something: who, how, when it came, was answered and ended.

    `who` is somebody whom the firm knows; who is not known has a name alone.
    """

    who: str
    said: dict[str, str]
    owner: str
    came: datetime
    answered: datetime | None
    outcome: str
    closed: datetime | None

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When each of its stays began."""
        return (self.came, *filter(None, [self.answered, self.closed]))


def leads(seed: int, today: date, everybody: dict[str, Somebody]) -> list[Asked]:
    """Everybody who asked, the first first."""
    return _Asking(seed, today, everybody).ask()


class _Asking:
    def __init__(self, seed: int, today: date, everybody: dict[str, Somebody]) -> None:
        self.rng, self.today = Random(f"{seed} leads"), today
        self.sellers = [one for group in cast.SELLERS.values() for one in group]
        self.people = [
            one for one in everybody.values() if not one.line and one.owner in self.sellers
        ]

    def ask(self) -> list[Asked]:
        first = self.today - timedelta(days=30 * MONTHS)
        days = [
            (first + timedelta(days=30 * month + self.rng.randrange(30)), "")
            for month in range(MONTHS)
            for _n in range(PER_MONTH)
        ]
        days += [(self.today - timedelta(days=1 + n % LATELY), "") for n in range(LATEST)]
        raffle = self.today - timedelta(days=400)
        days += [(raffle + timedelta(days=self.rng.randrange(12)), BAD) for _n in range(RAFFLE)]
        return [self._asked(day, campaign) for day, campaign in sorted(days)]

    def _asked(self, day: date, campaign: str) -> Asked:
        rng = self.rng
        came = datetime.combine(day, clock(9 + rng.randrange(8), rng.randrange(60)), MADRID)
        source = "Web" if campaign else rng.choice(list(SOURCES))
        wait = rng.choice((timedelta(minutes=rng.randrange(5, 60)), timedelta(hours=4),
                           timedelta(days=rng.randrange(1, 5))))  # fmt: skip
        chance = BAD_CHANCE if campaign else SOURCES[source]
        chance *= QUICK if wait < timedelta(hours=1) else SLOW if wait.days else 1
        becomes = rng.random() < chance
        person = rng.choice(self.people) if becomes else None
        age = (self.today - day).days
        closed = came + wait + timedelta(days=rng.randrange(1, 20))
        is_over = age > LATELY and closed.date() < self.today
        is_answered = is_over or (age > 2 and rng.random() < 0.7)
        channel = "phone" if source == "Llamada" else "web"
        said = {"source": source, "campaign": campaign or rng.choice(CAMPAIGNS),
                "message": rng.choice(MESSAGES), "channel": channel, "language": "es"}  # fmt: skip
        return Asked(
            person.key if person else "",
            said | (self._known(person) if person else self._stranger()),
            person.owner if person else rng.choice(self.sellers),
            came,
            came + wait if is_answered and (came + wait).date() < self.today else None,
            ("converted" if becomes else "discarded") if is_over else "new",
            closed if is_over else None,
        )

    def _known(self, person: Somebody) -> dict[str, str]:
        names = ("given_name", "first_surname", "second_surname", "job_title")
        found = {name: str(person.said.get(name) or "") for name in names}
        emails = person.said.get("emails") or []
        return found | ({"email": str(emails[0])} if emails else {})

    def _stranger(self) -> dict[str, str]:
        rng = self.rng
        given, surname = rng.choice(GIVEN), rng.choice(SURNAMES)
        city = rng.choice(CITIES)
        place = PLACES[city]
        return {"given_name": given, "first_surname": surname, "city": city, "country": "ES",
                "region": place.region, "postal_code": place.postal.format(len(surname)),
                "company": f"Casa {surname}" if rng.random() < 0.6 else "",
                "phone": f"+3469{rng.randrange(10**7):07d}" if rng.random() < 0.7 else "",
                "email": f"contacto{rng.randrange(10**6)}@correo.example"}  # fmt: skip
