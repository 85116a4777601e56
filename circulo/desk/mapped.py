"""A list as a map: how many of its records are in each province of Spain, or in each country.

One statement counts the records of the list by their places (those of the addresses of people and
companies, that which a lead says of itself), another those that are in none. A long list is looked
at in part: every record falls into one of 2, 4, 8 … parts by its key, and one of them stands for
all, so that the first look at a million records costs what it does at a few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.desk.listing import Listing
from circulo.desk.shapes import narrowed, rows_of_list
from circulo.lib import countries
from circulo.lib import format as one
from circulo.lib.errors import Text
from circulo.records import paging
from circulo.records.estimates import rounded
from circulo.records.resources import Field
from circulo.web.components.maps import Spot

MOST_LOOKED_AT = 50_000
MAPS = {"province": "spain", "country": "world"}


@dataclass(frozen=True)
class Mapped:
    """The places of a map with their counts, the fullest first, and how many records are in none
    of them.
    """

    name: str
    spots: list[Spot]
    elsewhere: str
    unplaced: int
    unplaced_shown: str


def maps_by(fields: dict[str, Field]) -> list[Field]:
    """What records can be put on a map by."""
    return [fields[name] for name in MAPS if name in fields]


def map_of(user: User, found: Listing, by: Field) -> Mapped:
    """How many records of the list are in each place; whoever is in two is counted in both.

    Each place leads to the list narrowed to it, which holds as many.
    """
    rows = rows_of_list(user, found).order_by()
    parts = _parts(paging.estimate(rows))
    counted, unplaced = _counted(user, by, _part(rows, parts))
    labels = by.choices() if by.choices else {}
    spots = [
        Spot(
            code,
            labels.get(code) or _country(code),
            count * parts,
            _shown(count * parts, parts > 1),
            narrowed(found, by, code),
        )
        for code, count in counted
    ]
    spots.sort(key=lambda spot: (-spot.count, str(spot.label)))
    return Mapped(MAPS[by.name], spots, narrowed(found, by, ""), unplaced * parts,
                  _shown(unplaced * parts, parts > 1))  # fmt: skip


def _counted(user: User, by: Field, part: QuerySet[Any]) -> tuple[Iterable[tuple[str, int]], int]:
    """Each place with how many of these records are there, and how many are in none."""
    if by.related is None:
        there = part.exclude(**{by.column: ""})
        counted = there.values_list(by.column).annotate(records=Count("pk"))
        return counted, part.filter(**{by.column: ""}).count()
    places = by.related(user).exclude(**{by.column: ""}).order_by()
    counted = (
        places.filter(**{f"{by.back}__in": part.values("pk")})
        .values_list(by.column)
        .annotate(records=Count(by.back, distinct=True))
    )
    return counted, part.exclude(Exists(places.filter(**{by.back: OuterRef("pk")}))).count()


def _country(code: str) -> Text:
    return countries.name(code, get_language() or "es")


def _shown(count: int, is_estimate: bool) -> str:
    return _("about %s") % one.number(rounded(count)) if is_estimate else one.number(count)


def _parts(likely: int) -> int:
    parts = 1
    while likely / parts > MOST_LOOKED_AT:
        parts *= 2
    return parts


def _part(rows: QuerySet[Any], parts: int) -> QuerySet[Any]:
    """One of so many parts of the rows, told by a hash so that no order of their keys matters."""
    if parts == 1:
        return rows
    mixed = Func(F("pk"), function="hashint8", output_field=IntegerField())
    one_of_them: QuerySet[Any] = rows.alias(part=mixed.bitand(parts - 1)).filter(part=0)
    return one_of_them
