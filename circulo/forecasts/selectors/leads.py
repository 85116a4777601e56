"""How many leads came, what became of them and how soon they were answered, of those one sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, Min, Q, Value
from django.db.models.functions import Cast, TruncMonth, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.forecasts.periods import Span, edges, period_called, period_of
from circulo.forecasts.selectors.figures import Dimension, Named, Wanted
from circulo.forecasts.selectors.funnel import Percentile
from circulo.forecasts.selectors.links import Json, condition, leads_at
from circulo.forecasts.selectors.sums import Reckoning
from circulo.leads.expressions import is_in_time, is_overdue
from circulo.leads.models import Lead
from circulo.lib import ids
from circulo.records.criteria import written
from circulo.timeline.kinds import CHANNELS

if TYPE_CHECKING:
    from circulo.accounts.models import User

_TOOK = ExpressionWrapper(F("answered_at") - F("arrived_at"), DurationField())
# A name is read as lists read it: however it is spelt, it is one.
DIMENSIONS = {
    one.name: one
    for one in (
        Dimension("source", _("Source"), {"source_key": Upper("source")}, "source"),
        Dimension("campaign", _("Campaign"), {"campaign_key": Upper("campaign")}, "campaign"),
        Dimension("owner", pgettext_lazy("who sells", "Seller"),
                  {"owner_key": F("owner_id"), "owner_called": F("owner__name")}),
        Dimension("channel", _("Channel"), {"channel_called": F("channel")}),
        Dimension("month", _("Month"), {}),
    )
}  # fmt: skip
_SPELT = ("source", "campaign")
_OPEN = (Lead.Status.NEW, Lead.Status.WORKING)
_WAITED = {"all": [condition("answered_at", "empty", False),
                   condition("answer_due_at", "empty", False),
                   condition("is_in_time", "is", False)]}  # fmt: skip
# What is counted: what the rows of the database fulfil, and how a list says the same.
_COUNTED: dict[str, tuple[Q, list[Json]]] = {
    "came": (Q(), []),
    "answered": (Q(answered_at__isnull=False), [condition("answered_at", "empty", False)]),
    "in_time": (Q(in_time=True), [condition("is_in_time", "is", True)]),
    "late": (Q(late=True) | Q(answered_at__gt=F("answer_due_at")),
             [{"any": [condition("is_overdue", "is", True), _WAITED]}]),
    "converted": (Q(status=Lead.Status.CONVERTED),
                  [condition("status", "is", Lead.Status.CONVERTED)]),
    "discarded": (Q(status=Lead.Status.DISCARDED),
                  [condition("status", "is", Lead.Status.DISCARDED)]),
    "open": (Q(status__in=_OPEN), [condition("status", "in", list(_OPEN))]),
}  # fmt: skip
COUNTED = tuple(_COUNTED)


@dataclass
class Came:
    """The leads of one group: how many of them came, were answered, and became what.

    `median` and `most` say how long the first answer took: half of the times at most, nine of ten.
    """

    keys: dict[str, Named]
    counts: dict[str, int]
    median: timedelta | None
    most: timedelta | None
    conditions: list[Json] = field(default_factory=list)

    @property
    def conversion(self) -> Decimal | None:
        """Which part of those that came was converted."""
        return _part(self.counts["converted"], self.counts["came"])

    @property
    def promptness(self) -> Decimal | None:
        """Which part was answered in time, of those that were answered or wait too long."""
        return _part(self.counts["in_time"], self.counts["in_time"] + self.counts["late"])

    def leads(self, what: str) -> str:
        """Where the leads of a count are listed; nowhere where there are none."""
        return leads_at([*self.conditions, *_COUNTED[what][1]]) if self.counts[what] else ""

    @property
    def criterion(self) -> str:
        """What its leads fulfil, as lists and the API ask for it."""
        return written({"all": self.conditions})


def dimensions_for(user: User) -> list[Dimension]:
    """What somebody may count leads by."""
    hidden = user.hidden_fields("leads")
    return [one for one in DIMENSIONS.values() if one.hidden_by not in hidden]


def lead_figures_for(user: User, wanted: Wanted, *, by: Reckoning) -> list[Came]:
    """What became of the leads that somebody sees and that came in these days, group by group.

    What looks like spam is no lead yet. The group of which most came is the first.
    """
    first, end = wanted.moments(by)
    columns: dict[str, Any] = {"every": Value(1)}
    for name in wanted.by:
        columns |= DIMENSIONS[name].columns
    if "month" in wanted.by:
        columns["month_key"] = Cast(TruncMonth("arrived_at", tzinfo=by.zone), DateField())
    spelt = {f"{name}_called": Min(name) for name in _SPELT if name in wanted.by}
    counts = {f"n_{name}": Count("pk", filter=meant) for name, (meant, _list) in _COUNTED.items()}
    rows = (
        Lead.objects.visible_to(user)
        .exclude(status=Lead.Status.SUSPECT)
        .filter(arrived_at__gte=first, arrived_at__lt=end)
        .annotate(in_time=is_in_time(), late=is_overdue(), **columns)
        .order_by()
        .values(*columns)
        .annotate(**counts, **spelt, median=Percentile(_TOOK, "0.5"), most=Percentile(_TOOK, "0.9"))
    )
    found = [_gathered(row, wanted, by) for row in rows if row["n_came"]]
    return sorted(found, key=_order)


def _gathered(row: dict[str, Any], wanted: Wanted, by: Reckoning) -> Came:
    keys = {name: _named(name, row, by) for name in wanted.by}
    counts = {name: row[f"n_{name}"] for name in _COUNTED}
    conditions = _conditions(keys, wanted, by)
    return Came(keys, counts, row["median"], row["most"], conditions)


def _named(name: str, row: dict[str, Any], by: Reckoning) -> Named:
    """What a group is in one dimension: its key, and what it is called."""
    if name == "month":
        period = period_of(row["month_key"], Span.MONTH, by.begins)
        return str(period), period.label
    called = row[f"{name}_called"] or ""
    if name == "owner":
        return ids.encode("user", row["owner_key"]) if row["owner_key"] else None, called
    if name == "channel":
        return called, str(CHANNELS.get(called, called)) if called else ""
    return called, called


def _conditions(keys: dict[str, Named], wanted: Wanted, by: Reckoning) -> list[Json]:
    """What exactly the leads of a group fulfil."""
    first, end = (moment.isoformat() for moment in wanted.moments(by))
    found = [condition("arrived_at", "gte", first), condition("arrived_at", "lt", end),
             {"not": condition("status", "is", Lead.Status.SUSPECT)}]  # fmt: skip
    for name, (key, _called) in keys.items():
        period = period_called(key, by.begins) if name == "month" else None
        if period is not None:
            began, ended = (moment.isoformat() for moment in edges([period], by.zone))
            found += [condition("arrived_at", "gte", began), condition("arrived_at", "lt", ended)]
        else:
            found.append(condition(name, "is", key) if key else condition(name, "empty", True))
    return found


def _part(some: int, whole: int) -> Decimal | None:
    return Decimal(some) / whole if whole else None


def _order(one: Came) -> tuple[Any, ...]:
    return -one.counts["came"], [name for _key, name in one.keys.values()]
