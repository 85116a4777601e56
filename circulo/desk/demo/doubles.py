"""People who were entered twice, as it happens in every firm, and what a search says of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from circulo.desk.demo.people import Somebody

SHORT = {
    "Francisco": "Paco", "José": "Pepe", "Javier": "Javi", "Ignacio": "Nacho", "Isabel": "Isa",
    "Teresa": "Tere", "Beatriz": "Bea", "Manuel": "Manolo", "Cristina": "Cris", "Antonio": "Toni",
    "Pilar": "Pili", "Rafael": "Rafa", "Alejandro": "Álex", "Mercedes": "Merche",
}  # fmt: skip
DOUBLES = 6


@dataclass(frozen=True)
class Double:
    """Somebody who is there a second time, and what a search says of the two."""

    key: str
    again: str
    probability: float
    levels: dict[str, str]


def add_doubles(seed: int, today: date, everybody: dict[str, Somebody]) -> list[Double]:
    """Enter some private customers a second time."""
    rng = random.Random(f"doubles {seed}")
    private = [s for key, s in everybody.items() if key.startswith("private/")]
    known = [s for s in private if s.given in SHORT and s.said.get("second_surname")]
    others = [s for s in private if s.said.get("second_surname") and s not in known]
    chosen = (known + others)[:DOUBLES]
    doubles = []
    for number, somebody in enumerate(chosen):
        said, levels = _again(somebody, number)
        key = f"double/{number}"
        since = min(today, somebody.since + timedelta(days=rng.randint(5, 25)))
        everybody[key] = replace(somebody, key=key, said=said, since=since, people=[])
        doubles.append(Double(somebody.key, key, 0.999 - number * 0.031, levels))
    return doubles


def _again(somebody: Somebody, number: int) -> tuple[dict[str, Any], dict[str, str]]:
    """What was said the second time: a short name, one surname, another address or number."""
    said = dict(somebody.said)
    levels = {"given_name": "same", "surnames": "same", "emails": "same", "phones": "same"}
    for name in ("tags", "tax_id", "tax_country", "birthday", "form_of_address"):
        said.pop(name, None)
    if somebody.given in SHORT:
        said["given_name"], levels["given_name"] = SHORT[somebody.given], "called"
    if number % 2:
        said.pop("second_surname", None)
        levels["surnames"] = "one_missing"
    if number % 3 == 0:
        said["emails"] = [f"{str(said['emails'][0]).partition('@')[0]}@otro.example"]
        levels["emails"] = "one_same"
    elif number % 3 == 1:
        said.pop("phones", None)
        levels.pop("phones")
    if number > 2:
        said.pop("addresses", None)
    else:
        levels |= {"street": "same", "place": "same"}
    return said, levels
