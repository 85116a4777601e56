"""What was won and lost, by whom, of what, when and from where, of the deals somebody sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, DateField, F, QuerySet, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.forecasts.periods import Span, period_called, period_of
from circulo.forecasts.seen import sees_shares
from circulo.forecasts.selectors.divided import moved_amounts
from circulo.forecasts.selectors.links import (
    Json,
    closed_in,
    condition,
    deals_at,
    or_shared,
)
from circulo.forecasts.selectors.products import selling, sold
from circulo.forecasts.selectors.sums import NOTHING, Reckoning
from circulo.lib import ids, money
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

Named = tuple[Any, str]
_KINDS = {"owner": "user", "team": "team", "pipeline": "pipeline", "reason": "reason"}
WON, LOST = Deal.Outcome.WON, Deal.Outcome.LOST


@dataclass(frozen=True)
class Dimension:
    """Something that deals are counted by: the columns that name it, and what it is called.

    `hidden_by` is the field of a deal whose hiding from a role hides it too.
    """

    name: str
    label: str | Promise
    columns: dict[str, Combinable | str]
    hidden_by: str = ""


@dataclass
class Counted:
    """The deals of one group that ended: how many were won and lost, and for how much.

    `conditions` are what those deals fulfil that are counted, and `brought_by` what those do that
    the amounts are of: where sellers share deals (then it `is_shared`), others besides.
    """

    keys: dict[str, Named]
    won: int = 0
    lost: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    conditions: list[Json] = field(default_factory=list)
    brought_by: list[Json] = field(default_factory=list)
    is_shared: bool = False

    @property
    def conversion(self) -> Decimal | None:
        """Which part of those that ended was won."""
        ended = self.won + self.lost
        return Decimal(self.won) / ended if ended else None

    def deals(self, outcome: str) -> str:
        """Where its deals with this end are."""
        return deals_at([condition("outcome", "is", outcome), *self.conditions])

    def won_deals(self) -> list[Json]:
        """What the deals fulfil that bring the amounts, whole or in part."""
        return [condition("outcome", "is", WON), *self.brought_by]

    def brings(self) -> str:
        """Where the deals are that bring the amounts."""
        return deals_at(self.won_deals(), is_shared=self.is_shared)


def _agent(then: str) -> Combinable:
    """A column of the owner, but nothing where the deal is of an agent who does not work here."""
    return Case(When(agent="", then=F(then)), default=None)


DIMENSIONS = {
    one.name: one
    for one in (
        Dimension("owner", pgettext_lazy("who sells", "Seller"),
                  {"agent_key": F("agent"), "owner_key": _agent("owner_id"),
                   "owner_called": _agent("owner__name")}),
        Dimension("team", _("Team"), {"team_key": _agent("owner__team_id"),
                                      "team_called": _agent("owner__team__name")}),
        Dimension("product", _("Product"), {}),
        Dimension("quarter", _("Quarter"), {}),
        Dimension("month", _("Month"), {}),
        Dimension("source", _("Source"), {"source_called": F("source")}, "source"),
        Dimension("campaign", _("Campaign"), {"campaign_called": F("campaign")}, "campaign"),
        Dimension("pipeline", _("Pipeline"), {"pipeline_key": F("pipeline_id"),
                                              "pipeline_called": F("pipeline__name")}),
        Dimension("reason", _("Reason"), {"reason_key": F("reason_id"),
                                          "reason_called": F("reason__label")}, "reason"),
        Dimension("lost_to", _("Lost to"), {"lost_to_called": F("lost_to")}, "rivals"),
    )
}  # fmt: skip
_SELLING = {"owner", "team"}
_DATED = {"quarter": Span.QUARTER, "month": Span.MONTH}


@dataclass(frozen=True)
class Wanted:
    """Which deals are counted, and by what: those that ended from a day to another."""

    by: tuple[str, ...]
    first: date
    last: date
    pipeline: int | None = None

    def moments(self, by: Reckoning) -> tuple[datetime, datetime]:
        """The moments between which they ended."""
        first, end = (datetime.combine(day, time(), by.zone)
                      for day in (self.first, self.last + timedelta(days=1)))  # fmt: skip
        return first, end


def dimensions_for(user: User) -> list[Dimension]:
    """What somebody may count deals by."""
    hidden = user.hidden_fields("deals")
    return [one for one in DIMENSIONS.values() if one.hidden_by not in hidden]


def figures_for(user: User, wanted: Wanted, *, by: Reckoning) -> list[Counted]:
    """What was won and lost of the deals that somebody sees, group by group, the most won first."""
    columns: dict[str, Any] = {}
    for name in wanted.by:
        columns |= DIMENSIONS[name].columns
    if set(wanted.by) & set(_DATED):
        columns["month_key"] = Cast(TruncMonth("closed_at", tzinfo=by.zone), DateField())
    rows, brings, many = ended(user, wanted, by=by).annotate(**columns), "amount", Count("pk")
    if "product" in wanted.by:
        rows, brings, many = sold(rows, user), "brings", Count("pk", distinct=True)
        columns["product_called"] = None
    counted = (
        rows.values(*columns, "outcome", "currency").annotate(count=many, total=Sum(brings))
        .order_by()
    )  # fmt: skip
    shows = "amount" not in user.hidden_fields("deals")
    is_divided = shows and bool(_SELLING & set(wanted.by)) and by.shares and sees_shares(user)
    moved = moved_amounts(rows.filter(outcome=WON), columns) if is_divided else ()
    found = _gathered([*counted, *moved], wanted, by, shows=shows)
    for one in found:
        one.conditions = one.brought_by = _conditions(one, wanted, by, user)
        if one.is_shared:
            one.brought_by = _conditions(one, wanted, by, user, is_shared=True)
        for currency, amount in one.amounts.items():
            one.amounts[currency] = money.rounded(amount, currency)
    return sorted(found, key=_order)


def ended(user: User, wanted: Wanted, *, by: Reckoning) -> QuerySet[Deal]:
    """The deals that somebody sees and that ended in the days that are wanted."""
    first, end = wanted.moments(by)
    rows = Deal.objects.visible_to(user).filter(
        outcome__in=(WON, LOST), closed_at__gte=first, closed_at__lt=end
    )
    return rows if wanted.pipeline is None else rows.filter(pipeline=wanted.pipeline)


def _gathered(
    rows: Iterable[dict[str, Any]], wanted: Wanted, by: Reckoning, *, shows: bool
) -> list[Counted]:
    """Groups out of the rows of the database, quarters out of months."""
    found: dict[tuple[Named, ...], Counted] = {}
    for row in rows:
        keys = {name: _named(name, row, by) for name in wanted.by}
        one = found.setdefault(tuple(keys.values()), Counted(keys))
        if row["outcome"] == LOST:
            one.lost += row["count"]
            continue
        one.won += row["count"]
        one.is_shared |= row.get("is_shared", False)
        if shows:
            before = one.amounts.get(row["currency"], NOTHING)
            one.amounts[row["currency"]] = before + (row["total"] or NOTHING)
    return list(found.values())


def _named(name: str, row: dict[str, Any], by: Reckoning) -> Named:
    """What a group is in one dimension: its key, and what it is called."""
    if name in _DATED:
        period = period_of(row["month_key"], _DATED[name], by.begins)
        return str(period), period.label
    called = row.get(f"{name}_called") or ""
    if name == "owner" and row["agent_key"]:
        return None, row["agent_key"]
    if name in _KINDS:
        key = row[f"{name}_key"]
        return (ids.encode(_KINDS[name], key) if key else None), called
    return called, called


def _conditions(
    one: Counted, wanted: Wanted, by: Reckoning, user: User, *, is_shared: bool = False
) -> list[Json]:
    """What exactly the deals of a group fulfil, with those that its sellers have a share of."""
    first, end = (moment.isoformat() for moment in wanted.moments(by))
    found = [condition("closed_at", "gte", first), condition("closed_at", "lt", end)]
    for name, (key, called) in one.keys.items():
        is_product = name == "product"
        said = selling(called, user) if is_product else _condition(name, key, called, by)
        shares_too = is_shared and key and name in _SELLING
        found += or_shared(said, name, key) if shares_too else said
    if wanted.pipeline is not None:
        found.append(condition("pipeline", "is", ids.encode("pipeline", wanted.pipeline)))
    return found


def _condition(name: str, key: Any, called: str, by: Reckoning) -> list[Json]:
    if name in _DATED:
        period = period_called(key, by.begins)
        return closed_in(period, by) if period else []
    here = condition("agent", "empty", True)
    if name == "owner":
        mine = [here, condition("owner", "is", key)]
        return mine if key else [condition("agent", "is", called)]
    if name == "team":
        return [here, condition("team", "is", key)] if key else []
    if name in ("pipeline", "reason") and key:
        return [condition(name, "is", key)]
    return [condition(name, "is", called) if called else condition(name, "empty", True)]


def _order(one: Counted) -> tuple[Any, ...]:
    won, names = sum(one.amounts.values(), NOTHING), [name for _key, name in one.keys.values()]
    return -won, -one.won, -one.lost, names
