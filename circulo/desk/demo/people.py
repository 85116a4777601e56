"""Who there is around the demo firm: its companies and contacts, as an entrance would say them."""

import random
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from circulo.desk.demo import cast, names
from circulo.desk.demo.companies import Line, lines
from circulo.lib import taxids

PRIVATE = 76
ABROAD = ("London", "Manchester")
ENGLISH = {"GB", "DE", "FR"}


@dataclass
class Somebody:
    """A company or a contact: what is said of it, who looks after it, since when we know it."""

    key: str
    kind: str
    said: dict[str, Any]
    owner: str
    city: str
    since: date
    company: str = ""
    line: Line | None = None
    people: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        given, first = self.said.get("given_name"), self.said.get("first_surname")
        return self.said.get("name") or f"{given} {first}"

    @property
    def given(self) -> str:
        return str(self.said.get("given_name", ""))

    @property
    def speaks_english(self) -> bool:
        return bool(self.said.get("language") == "en")


class Maker:
    """Makes everybody, one after the other, from one source of chance."""

    def __init__(self, seed: int, today: date) -> None:
        self.rng, self.today = random.Random(f"people {seed}"), today
        self.everybody: dict[str, Somebody] = {}
        self.numbers: dict[str, int] = {}
        self.taken: set[str] = set()

    def make(self) -> dict[str, Somebody]:
        """Every company, then everybody who works there, then those who buy for themselves."""
        for line in lines():
            self.company(line)
        for firm in list(self.everybody.values()):
            assert firm.line
            firm.people = [self.employee(firm, place) for place in range(firm.line.people)]
        for number in range(PRIVATE):
            self.private(number)
        return self.everybody

    def company(self, line: Line) -> None:
        place = names.PLACES[line.city]
        domain = f"{_slug(line.name)}.example"
        since = self.today - timedelta(days=self.rng.randint(760, 2600))
        if line.lifecycle in ("lead", "prospect"):
            since = self.today - timedelta(days=self.rng.randint(20, 150))
        said = {
            "name": line.name,
            "legal_name": f"{line.name}, {line.form}" if "." in line.form else line.name,
            "industry": line.industry, "size": line.size, "lifecycle": line.lifecycle,
            "website": f"https://www.{domain}", "emails": [f"pedidos@{domain}"],
            "phones": [{"value": self.phone(line.city), "label": "centralita"}],
            "founded": self.today.year - self.rng.randint(6, 70),
            "tax_id": self.tax_id(place.country, line.form), "tax_country": place.country,
            "addresses": [self.address(line.city)], "language": _language(place.country),
            "tags": list(names.TAGS.get(line.industry, ())),
            "source": self.rng.choice(names.SOURCES),
        }  # fmt: skip
        if line.industry == "Hotelería":
            said["faxes"] = [self.phone(line.city)]
        owner = self.rng.choice(cast.SELLERS[line.area])
        self.put(Somebody(line.name, "organisation", said, owner, line.city, since, line=line))

    def employee(self, firm: Somebody, place: int) -> str:
        assert firm.line
        country = names.PLACES[firm.city].country
        said = self.person(country)
        domain = firm.said["website"].removeprefix("https://www.")
        jobs = names.JOBS.get(firm.line.industry, names.JOBS[""])
        said |= {
            "emails": [f"{_slug(said['given_name'])}.{_slug(said['first_surname'])}@{domain}"],
            "phones": [{"value": self.mobile(country), "label": "móvil"}],
            "job_title": _called(jobs[place % len(jobs)], said["given_name"]),
            "lifecycle": firm.line.lifecycle,
            "tags": ["decide"] if place == 0 else [],
        }
        since = firm.since + timedelta(days=self.rng.randint(0, 40))
        self.put(Somebody(f"{firm.key}/{place}", "person", said, firm.owner, firm.city, since,
                          firm.key))  # fmt: skip
        return f"{firm.key}/{place}"

    def private(self, number: int) -> None:
        """Somebody who buys in the shop on the web, or asked once."""
        at_home = [city for city, place in names.PLACES.items() if place.country == "ES"]
        city = self.rng.choice(at_home) if number % 20 else self.rng.choice(ABROAD)
        place = names.PLACES[city]
        said = self.person(place.country)
        mail = f"{_slug(said['given_name'])}.{_slug(said['first_surname'])}{number}@correo.example"
        said |= {
            "emails": [mail], "phones": [self.mobile(place.country)],
            "addresses": [self.address(city)],
            "lifecycle": self.rng.choice(["customer"] * 6 + ["contact", "lead", "former"]),
            "tags": self.rng.sample(names.HOBBIES, self.rng.randint(0, 2)),
            "source": self.rng.choice(names.SOURCES[:1] + names.SOURCES[2:]),
        }  # fmt: skip
        if number % 3 == 0 and place.country == "ES":
            said |= {"tax_id": self.tax_id("ES", ""), "tax_country": "ES"}
        since = self.today - timedelta(days=self.rng.randint(30, 1500))
        owner = cast.AGENTS[number % 2] if number % 4 else cast.MARKETER
        self.put(Somebody(f"private/{number}", "person", said, owner, city, since))

    def person(self, country: str) -> dict[str, Any]:
        is_woman = self.rng.random() < 0.52
        given = self.rng.choice((names.WOMEN if is_woman else names.MEN)[country].split())
        surnames = names.SURNAMES[country].split()
        first, second = self.rng.sample(surnames, 2)
        if country == "ES" and self.rng.random() < 0.06:
            first = self.rng.choice(names.COMPOUND)
        said = {"given_name": given, "first_surname": first, "language": _language(country)}
        if country in ("ES", "MX"):
            said["second_surname"] = second
            said["form_of_address"] = self.rng.choice(["formal", "familiar", "familiar"])
        if self.rng.random() < 0.45:
            said["birthday"] = self.birthday()
        if f"{given} {first}" in self.taken:
            return self.person(country)
        self.taken.add(f"{given} {first}")
        return said

    def birthday(self) -> str:
        day = self.today - timedelta(days=self.rng.randint(23 * 365, 66 * 365))
        return day.isoformat()

    def address(self, city: str) -> dict[str, Any]:
        place = names.PLACES[city]
        return {
            "street": f"{self.rng.choice(place.streets)}, {self.rng.randint(1, 90)}",
            "postal_code": place.postal.format(self.rng.randint(1, 9)),
            "city": city, "region": place.region, "country": place.country,
        }  # fmt: skip

    def phone(self, city: str) -> str:
        return names.PLACES[city].prefix.format(self.next(f"phone {city}"))

    def mobile(self, country: str) -> str:
        """A number of a block that nobody was given, or that is kept for fiction."""
        number = self.next(f"mobile {country}")
        return {
            "ES": f"+34 600 000 {number:03d}", "MX": f"+52 55 0000 {number:04d}",
            "PT": f"+351 910 000 {number:03d}", "GB": f"+44 7700 900{number:03d}",
            "FR": f"+33 6 39 98 00 {number:02d}", "DE": f"+49 176 040690{number:02d}",
        }[country]  # fmt: skip

    def tax_id(self, country: str, form: str) -> str:
        """An identifier with the right check digit, in a range that no authority gives out."""
        number = self.next(f"tax {country}")
        stems = {
            "MX": f"XXX9001011{number:01d}", "PT": f"500000{number:02d}",
            "GB": f"GB9900{number:03d}", "FR": f"FR00000{number:04d}",
            "DE": f"DE9000000{number:01d}",
        }  # fmt: skip
        letter = {"S.A.": "A", "S.Coop.": "F", "Asociación": "G", "Fundación": "G"}.get(form, "B")
        stems["ES"] = f"{letter}00{number:05d}" if form else f"99000{number:03d}"
        endings = (
            [f"{ending:02d}" for ending in range(100)]
            + list("0123456789")
            + list("ABCDEFGHJKLMNPQRSTVWXYZ")
        )
        fitting = (stems[country] + end for end in endings)
        return next((text for text in fitting if taxids.check(country, text).is_valid), "")

    def next(self, series: str) -> int:
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def put(self, somebody: Somebody) -> None:
        self.everybody[somebody.key] = somebody


def _language(country: str) -> str:
    if country in ENGLISH:
        return "en"
    return "pt" if country == "PT" else "es"


def _called(job: str, given_name: str) -> str:
    """A job as a man or a woman has it: `Jefe|Jefa de cocina`."""
    is_woman = any(given_name in given.split() for given in names.WOMEN.values())
    return re.sub(r"(\w+)\|(\w+)", r"\2" if is_woman else r"\1", job)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("&", "y")).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum())
