"""What the page of the forecast shows of one node: its people, its periods, its adjustments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum

from circulo.accounts import prepared
from circulo.accounts.models import Team, Territory, User
from circulo.forecasts.expectation import Expectation
from circulo.forecasts.models import Adjustment
from circulo.forecasts.periods import Period
from circulo.forecasts.seen import people_within, teams_within, territories_within
from circulo.forecasts.selectors.history import history_of
from circulo.forecasts.selectors.links import (
    condition,
    counted_in,
    deals_at,
    owned_by,
    sold_by,
)
from circulo.forecasts.selectors.tree import PERSON, TEAM, TERRITORY, Figures, Forecast, Node
from circulo.lib import format as fmt
from circulo.lib import money
from circulo.records import criteria
from circulo.records.resources import resource
from circulo.sales.credit import moved
from circulo.sales.expressions import CLOSED
from circulo.sales.models import ForecastAs

CATEGORIES = (CLOSED, ForecastAs.COMMIT, ForecastAs.BEST_CASE, ForecastAs.PIPELINE)
MOST_TOLD = 30
_UNDATED = """
    SELECT currency, sum(moved) FROM ({moved}) m WHERE who = ANY(%s::bigint[]) GROUP BY 1
"""
ADJUSTED: dict[str, tuple[type[Model], Callable[[User, str, str], Q]]] = {
    PERSON: (User, people_within),
    TEAM: (Team, teams_within),
    TERRITORY: (Territory, territories_within),
}


@dataclass(frozen=True)
class Cell:
    """A figure, where its deals are, and how many they are."""

    amount: Decimal
    url: str = ""
    count: int = 0
    adjusted: Decimal = Decimal()


@dataclass(frozen=True)
class Line:
    """A node in the table of those below another, for one period."""

    node: Node
    figures: Figures
    cells: list[Cell]

    @property
    def share(self) -> Decimal | None:
        """Which part of the quota is won; None without one."""
        return share_of(self.figures.won, self.figures.quota)


@dataclass(frozen=True)
class Across:
    """One period of a node among the others."""

    period: Period
    figures: Figures
    cells: list[Cell]
    is_chosen: bool


def share_of(amount: Decimal, quota: Decimal | None) -> Decimal | None:
    """Which part of a quota an amount is."""
    return amount / quota if quota else None


def lines(said: Forecast, node: Node, n: int, *, today: date) -> list[Line]:
    """Those right below a node, or a person alone."""
    while len(node.below) == 1 and node.below[0].kind == TEAM:
        node = node.below[0]  # a team that is all there is tells nothing new
    nodes = node.below or ([node] if node.kind == PERSON else [])
    return [line(said, one, n, today=today) for one in nodes]


def line(said: Forecast, node: Node, n: int, *, today: date) -> Line:
    """The figures of a node for one period, with their deals."""
    return Line(node, node.figures[n], cells(said, node, n, today=today))


def across(said: Forecast, node: Node, chosen: int, *, today: date) -> list[Across]:
    """Every period of a node."""
    return [
        Across(period, node.figures[n], cells(said, node, n, today=today), n == chosen)
        for n, period in enumerate(said.periods)
    ]


def cells(said: Forecast, node: Node, n: int, *, today: date) -> list[Cell]:
    """The figures of each category."""
    return [_cell(said, node, n, category, today) for category in CATEGORIES]


def _cell(said: Forecast, node: Node, n: int, category: str, today: date) -> Cell:
    figures = node.figures[n]
    count, is_shared = figures.count(category), figures.is_shared(category)
    there = counted_in(
        node, category, said.periods[n], today=today, by=said.by, is_shared=is_shared
    )
    has_deals = there is not None and (count or is_shared)
    url = deals_at([*there, *said.counts], is_shared=is_shared) if there and has_deals else ""
    adjusted = figures.adjusted.get(category, Decimal())
    return Cell(figures.of(category), url, count, adjusted)


def expectation(said: Forecast, node: Node, n: int, *, now: datetime) -> Expectation | None:
    """What history lets one expect of a node; None where the period is over, or it knows too
    little."""
    if said.is_by_territory:
        return None  # it is reckoned by who sells, not by where
    people = [one.key for one in node.people()]
    history = history_of(said.periods[n], people, now=now, by=said.by, is_divided=said.is_divided)
    return history.expected(people, float(node.figures[n].won))


def adjustments_of(user: User, node: Node, period: Period) -> QuerySet[Adjustment]:
    """Everything that was added to a node or taken from it, the latest first."""
    rows = (
        Adjustment.objects.visible_to(user)
        .within([period])
        .select_related("by", "user", "team", "territory")
    )
    keys: dict[str, list[int]] = {}
    for one in node.everybody():
        keys.setdefault(one.kind, []).append(one.key)
    mine = (
        Q(user__in=keys.get(PERSON, ()))
        | Q(team__in=keys.get(TEAM, ()))
        | Q(territory__in=keys.get(TERRITORY, ()))
    )
    return rows.filter(mine).order_by("-made_at", "-pk")[:MOST_TOLD]


def may_adjust(user: User, node: Node) -> bool:
    """Whether somebody may adjust the forecast of a node."""
    if node.kind not in ADJUSTED:
        return False
    model, within = ADJUSTED[node.kind]
    return model._default_manager.filter(within(user, "forecasts", "edit"), pk=node.key).exists()


def apart_in_words(figures: Figures) -> str:
    """The amounts that count nowhere, since nobody said what their currency is worth."""
    return fmt.joined([fmt.money(amount, name) for name, amount in sorted(figures.apart.items())])


def table(said: Forecast, n: int) -> tuple[list[str], list[list[Any]]]:
    """Every node of a forecast in one period, as a table to take along."""
    headings = ["kind", "name", "path", "quota", "won", "commit", "best_case", "pipeline",
                "weighted", "forecast", "gap", "currency"]  # fmt: skip
    return headings, [_row(said, node, n) for node in said.root.everybody()]


def _row(said: Forecast, node: Node, n: int) -> list[Any]:
    figures, currency = node.figures[n], said.by.currency
    above = " / ".join(one.name for one in said.way_to(node) if one.name)
    amounts = [figures.quota, *(figures.of(category) for category in CATEGORIES),
               figures.weighted, figures.called, figures.gap]  # fmt: skip
    rounded = [None if one is None else money.rounded(one, currency) for one in amounts]
    return [node.kind, node.name, above, *rounded, currency]


@dataclass(frozen=True)
class Undated:
    """The open deals that lie in no period, for want of a day: what they come to, and where."""

    count: int
    amount: str
    url: str


def undated(user: User, said: Forecast, node: Node) -> Undated:
    """The open deals of a node that nobody expects on any day, as far as one sees them."""
    kind = resource("deals")
    open_ones = [condition("outcome", "is", "open"), condition("expected_on", "empty")]
    there = [*open_ones, *owned_by(node), *said.counts]
    rows = criteria.narrow(kind.visible(user), kind, {"all": there}, user).order_by()
    found = list(rows.values_list("currency").annotate(n=Count("pk"), of=Sum("amount")))
    amounts = {name: of or Decimal() for name, _n, of in found}
    parts = _undated_parts(user, said, node, open_ones)
    for name, part in parts.items():
        amounts[name] = amounts.get(name, Decimal()) + part
    if parts:
        there = [*open_ones, *sold_by(node)]
    sums = [fmt.money(of, name) for name, of in sorted(amounts.items()) if of]
    hidden = "amount" in user.hidden_fields("deals")
    amount = "" if hidden else fmt.joined(sums)
    count = sum(n for _name, n, _of in found)
    return Undated(count, amount, deals_at(there, is_shared=bool(parts)))


def _undated_parts(
    user: User, said: Forecast, node: Node, open_ones: list[dict[str, Any]]
) -> dict[str, Decimal]:
    """What shares move of undated deals to the people of a node, by currency."""
    if not (said.is_divided and said.by.shares) or node.kind not in (PERSON, TEAM):
        return {}
    teams = [one.key for one in node.everybody() if one.kind == TEAM]
    people = User.objects.filter(Q(team__in=teams) if teams else Q(pk=node.key))
    kind = resource("deals")
    sql, parameters = moved(criteria.narrow(kind.visible(user), kind, {"all": open_ones}, user))
    keys = list(people.values_list("pk", flat=True))
    return dict(prepared.run_anew(_UNDATED.format(moved=sql), [*parameters, keys]))


def shown_periods(chosen: Period) -> tuple[Sequence[Period], int]:
    """The periods that are looked at beside the chosen one, and its place among them."""
    periods = chosen.around()
    return periods, periods.index(chosen)
