"""The rules in force: each process keeps them until it hears of another version, for a minute at
most, since who works here and in which zone changes without one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone

from circulo.accounts import news, prepared
from circulo.accounts.models import Firm
from circulo.accounts.selectors import house
from circulo.leads.clock import Hours
from circulo.leads.expressions import with_what_follows
from circulo.leads.models import LeadDesk, RouteRule, ScoreRule
from circulo.leads.selectors.leads import lead_desk
from circulo.lib.zones import zone_of
from circulo.records import criteria
from circulo.records.resources import resource

KEPT_FOR = 60.0
# What the rules look at, beside their criteria.
READ = ("pk", "language", "tags")


@dataclass(frozen=True)
class Rulebook:
    """How leads are scored and to whom they go; `mark` tells these criteria from all others."""

    version: str
    read_at: float
    mark: str
    scores: tuple[ScoreRule, ...]
    routes: tuple[RouteRule, ...]
    desk: LeadDesk
    hours: Hours


@dataclass(frozen=True)
class Judged:
    """A lead with the rules that it fulfils."""

    key: int
    language: str
    tags: tuple[str, ...]
    scores: tuple[ScoreRule, ...]
    routes: tuple[RouteRule, ...]


_kept: Rulebook | None = None


def rulebook() -> Rulebook:
    """The rules in force."""
    global _kept
    version, known = news.version(), _kept
    if known is None or known.version != version or monotonic() - known.read_at > KEPT_FOR:
        _kept = known = _read(version)
    return known


def judge(keys: list[int], book: Rulebook) -> list[Judged]:
    """Which rules each of these leads fulfils, in the order of the keys: one statement."""
    asked = prepared.once(f"lead rules {book.mark} {timezone.localdate()}", lambda: _rows(book))
    count = len(book.scores)
    found = {}
    for key, language, tags, *flags in asked.run({prepared.KEYS: keys}):
        scores = (rule for rule, is_so in zip(book.scores, flags, strict=False) if is_so)
        routes = (rule for rule, is_so in zip(book.routes, flags[count:], strict=True) if is_so)
        found[key] = Judged(key, language, tuple(tags), tuple(scores), tuple(routes))
    return [found[key] for key in keys if key in found]


def _read(version: str) -> Rulebook:
    desk, firm = lead_desk(), Firm.objects.filter(pk=1).first()
    zone = zone_of(firm.time_zone if firm else "Europe/Madrid")
    scores = tuple(ScoreRule.objects.in_use().in_order())
    routes = tuple(RouteRule.objects.in_use().in_order())
    return Rulebook(
        version,
        monotonic(),
        _mark(version, [one.criteria for one in scores], [one.criteria for one in routes]),
        scores,
        routes,
        desk,
        Hours(desk.first_hour, desk.last_hour, desk.works_saturdays, zone),
    )


def _mark(*said: Any) -> str:
    """What tells the statement of these rules from that of others."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _rows(book: Rulebook) -> QuerySet[Any, Any]:
    rules: tuple[ScoreRule | RouteRule, ...] = (*book.scores, *book.routes)
    flags = {f"rule_{n}": _flag(rule.criteria) for n, rule in enumerate(rules)}
    rows = with_what_follows().filter(pk__in=prepared.among_keys())
    return rows.annotate(**flags).values_list(*READ, *flags)


def _flag(criterion: Any) -> Combinable:
    """Whether a lead fulfils a criterion; one that is no good any more is fulfilled by none."""
    if not criterion:
        return Value(True, output_field=BooleanField())
    try:
        fulfils = criteria.compile_for(resource("leads"), criterion, house())
    except criteria.BadCriteria:
        return Value(False, output_field=BooleanField())
    return Case(When(fulfils, then=Value(True)), default=Value(False), output_field=BooleanField())
