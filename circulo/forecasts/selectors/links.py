"""Where the rows behind a figure are: the list of deals with exactly its criteria."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from circulo.forecasts.periods import Period, edges
from circulo.forecasts.selectors.sums import Reckoning
from circulo.forecasts.selectors.tree import FIRM, PERSON, TEAM, Node
from circulo.lib import ids
from circulo.records.criteria import written
from circulo.sales.expressions import CLOSED

Json = dict[str, Any]


def deals_at(conditions: Sequence[Json]) -> str:
    """The address of the list of deals that fulfil these conditions."""
    criterion = written({"all": list(conditions)})
    return "/deals?" + urlencode({"filter": criterion, "view": "none", "shape": "table"})


def condition(field: str, op: str, value: Any = None) -> Json:
    """One condition of the criteria language."""
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


def counted_in(
    node: Node, category: str, period: Period, *, today: date, by: Reckoning
) -> list[Json] | None:
    """What the deals fulfil that a node has in a category; None where there are none."""
    owners = owned_by(node)
    if category == CLOSED:
        return [condition("outcome", "is", "won"), *closed_in(period, by), *owners]
    if period.end <= today:
        return None
    days = [period.first.isoformat(), period.last.isoformat()]
    when = condition("expected_on", "between", days)
    if period.holds(today):
        when = condition("expected_on", "lte", days[1])
    is_open = condition("outcome", "is", "open")
    return [is_open, condition("forecast", "is", str(category)), when, *owners]


def closed_in(period: Period, by: Reckoning) -> list[Json]:
    """What deals fulfil that ended in a period."""
    first, end = (moment.isoformat() for moment in edges([period], by.zone))
    return [condition("closed_at", "gte", first), condition("closed_at", "lt", end)]


def owned_by(node: Node) -> list[Json]:
    """What the deals of a node fulfil."""
    if node.kind == FIRM:
        return []
    if node.kind == PERSON:
        return [condition("owner", "is", ids.encode("user", node.key))]
    teams = [ids.encode("team", one.key) for one in node.everybody() if one.kind == TEAM]
    return [condition("team", "in", teams)]
