"""Where somebody would lie who is no party yet: the rules of the territories asked of what is said.

The rules are compiled once, over the tables of parties. Here the same statements run over rows that
exist only for them: PostgreSQL takes the name of a `WITH` query for that of a table, so that what a
rule asks of a party, of its addresses and of its ways to be reached it asks of these rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Model

from circulo.accounts import prepared
from circulo.lib import names, postal
from circulo.parties import placing
from circulo.parties.actions.writing import json_of
from circulo.parties.models import Party, PartyKind, Point, PostalAddress

_TABLES: tuple[type[Model], ...] = (Party, PostalAddress, Point)
_WITH = ", ".join(
    f"{model._meta.db_table} AS (SELECT * FROM "
    f"json_populate_recordset(NULL::{model._meta.db_table}, %s))"
    for model in _TABLES
)
_NAMES = ("given_name", "first_surname", "second_surname", "trade_name")


@dataclass
class Stranger:
    """What is said of somebody: columns of the party, of its address, and how it is reached."""

    kind: str
    columns: dict[str, Any] = field(default_factory=dict)
    address: dict[str, str] = field(default_factory=dict)
    points: Sequence[tuple[str, str]] = ()


def places_of(strangers: Sequence[Stranger]) -> list[int | None]:
    """The territory of each where it would lie, by its key; None where no rule takes it."""
    rules = placing.known()
    found: dict[int, int | None] = {}
    for kind in PartyKind.values if rules.is_any else ():
        some = [(n, one) for n, one in enumerate(strangers, 1) if one.kind == kind]
        if some:
            sql, parameters = placing.statement(rules, kind)
            rows = [json_of(each) for each in _rows(some)]
            found |= dict(prepared.run(f"WITH {_WITH} {sql}", [*rows, *parameters]))
    return [found.get(n) for n, _one in enumerate(strangers, 1)]


def _rows(some: Sequence[tuple[int, Stranger]]) -> tuple[list[dict[str, Any]], ...]:
    """The rows of each table; those that hang on a party have its number."""
    parties, addresses, points = [], [], []
    for n, one in some:
        parties.append(_party(n, one))
        if any(one.address.values()):
            addresses.append(_address(n, one.address))
        said = [(kind, value) for kind, value in one.points if value]
        points += [
            {**_blank(Point), "party_id": n, "kind": kind, "value": value} for kind, value in said
        ]
    return parties, addresses, points


def _party(n: int, one: Stranger) -> dict[str, Any]:
    said = {**_blank(Party), **one.columns}
    name = " ".join(filter(None, (said[part] for part in _NAMES)))
    searched = " ".join([name, *(value for _kind, value in one.points)])
    return said | {"id": n, "kind": one.kind, "name": name, "sort_key": names.sort_key(name),
                   "search": names.plain(searched)}  # fmt: skip


def _address(n: int, said: Mapping[str, str]) -> dict[str, Any]:
    """An address; its province is that of the postal code, or without one that of its region."""
    known = {**_blank(PostalAddress), **said}
    province = ""
    if known["country"] == "ES":
        code = known["postal_code"]
        by_code = code[:2] if postal.is_postcode("ES", code) else ""
        province = by_code or postal.province_called(known["region"])
    return known | {"party_id": n, "province": province, "is_primary": True}


@cache
def _blank(model: type[Model]) -> Mapping[str, Any]:
    """What a new row of a table says where nobody said anything."""
    fields = (one for one in model._meta.concrete_fields if one.has_default())
    return {one.attname: one.get_default() for one in fields}
