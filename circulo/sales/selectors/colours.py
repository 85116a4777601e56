"""Which colour each deal has: that of the first rule that it fulfils, as whoever looks may know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from circulo.accounts import news
from circulo.accounts.models import User
from circulo.lib.compiled import compiled
from circulo.lib.ids import key_of
from circulo.records.criteria import BadCriteria
from circulo.records.resources import resource
from circulo.records.rosters import Tint
from circulo.records.rows import fulfilling, seen_rows, statement
from circulo.sales.models import ColourRule


class _Kept(NamedTuple):
    """The rules in use, and of which version of the definitions they are."""

    version: str
    rules: tuple[ColourRule, ...]


_kept: _Kept | None = None


def colours_in_order() -> list[ColourRule]:
    """Every colour rule, in the order in which they are asked."""
    return list(ColourRule.objects.in_order())


def colour_called(identifier: str) -> ColourRule | None:
    """The colour rule of this identifier."""
    return ColourRule.objects.filter(pk=key_of("colour_rule", identifier)).first()


def tints_of(user: User, keys: Sequence[int]) -> dict[int, Tint]:
    """The colours of the deals with these keys that have one, in one statement; in none where there
    are no rules.

    A rule that asks for what a role hides says nothing to that role.
    """
    if not keys or not (rules := _in_use()):
        return {}
    deals = resource("deals")
    among = seen_rows(deals, user).with_keys(list(keys))
    told, asked = [], []
    for rule in rules:
        try:
            asked.append(fulfilling(among, deals, rule.criteria))
        except BadCriteria:
            continue
        told.append(Tint(rule.label, rule.tone))
    if not asked:
        return {}
    rows = statement(("colours", len(asked)), _each, *asked).rows()
    return {key: told[number] for number, key in sorted(rows, reverse=True)}


def _in_use() -> tuple[ColourRule, ...]:
    """The rules in use; each process keeps them until it hears of another version."""
    global _kept
    version = news.version()
    if _kept is None or _kept.version != version:
        _kept = _Kept(version, tuple(ColourRule.objects.in_use().in_order()))
    return _kept.rules


def _each(*asked: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The keys of the rows of each of these, with its number."""
    parts, parameters = list[str](), list[Any]()
    for number, rows in enumerate(asked):
        sql, values = compiled(rows.order_by().values_list("pk"))
        parts.append(f"SELECT {number}, found.* FROM ({sql}) AS found")
        parameters += values
    return " UNION ALL ".join(parts), parameters
