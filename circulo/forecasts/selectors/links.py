"""Where the rows behind a figure are: the list of deals with exactly its criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from circulo.accounts import territory_tree
from circulo.accounts.models import Team, User
from circulo.accounts.rights import Reach
from circulo.forecasts.periods import Period, edges
from circulo.forecasts.seen import reach_within, teams_within
from circulo.forecasts.selectors.sums import Reckoning
from circulo.forecasts.selectors.tree import (
    FIRM,
    NOWHERE,
    PERSON,
    REST,
    SIGHT,
    TEAM,
    TERRITORY,
    Node,
)
from circulo.lib import ids
from circulo.records.criteria import written
from circulo.sales.expressions import CLOSED

Json = dict[str, Any]
_SHARED = {"owner": "shares", "team": "shares.team"}
_WITH_PARTS = ("title", "party", "amount", "shares", "owner", "expected_on", "outcome", "stage")
_WIDE = "title:230,shares:500"  # both names and amounts fit


def deals_at(conditions: Sequence[Json], *, is_shared: bool = False) -> str:
    """The address of the list of deals that fulfil these conditions; where some of them are shared,
    with the part of each that sells them."""
    columns = {"columns": ",".join(_WITH_PARTS), "widths": _WIDE} if is_shared else {}
    return _listed("deals", conditions, columns)


def leads_at(conditions: Sequence[Json]) -> str:
    """The address of the list of leads that fulfil these conditions."""
    return _listed("leads", conditions)


def interactions_at(conditions: Sequence[Json]) -> str:
    """The address of the list of interactions that fulfil these conditions."""
    return _listed("interactions", conditions)


def _listed(
    name: str, conditions: Sequence[Json], columns: Mapping[str, str] = MappingProxyType({})
) -> str:
    criterion = written({"all": list(conditions)})
    query = {"filter": criterion, "view": "none", "shape": "table", **columns}
    return f"/{name}?" + urlencode(query)


def condition(field: str, op: str, value: Any = None) -> Json:
    """One condition of the criteria language."""
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


def counted_in(
    node: Node, category: str, period: Period, *, today: date, by: Reckoning,
    is_shared: bool = False,
) -> list[Json] | None:  # fmt: skip
    """What the deals fulfil that a node has in a category, whole or, where they are shared, in
    part; None where there are none."""
    owners = sold_by(node) if is_shared else owned_by(node)
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


def sold_by(node: Node) -> list[Json]:
    """What the deals fulfil that a node has or shares in."""
    owned = owned_by(node)
    if node.kind not in (PERSON, TEAM):
        return owned
    ((name, value),) = ((one["field"], one["value"]) for one in owned)
    return or_shared(owned, name, value)


def or_shared(owned: Sequence[Json], name: str, value: Any) -> list[Json]:
    """What deals fulfil that do the same, or of which this owner or team has a share."""
    op = "in" if isinstance(value, list) else "is"
    own = owned[0] if len(owned) == 1 else {"all": list(owned)}
    return [{"any": [own, condition(_SHARED[name], op, value)]}]


def owned_by(node: Node) -> list[Json]:
    """What the deals of a node fulfil."""
    if node.kind in (FIRM, SIGHT):
        return []
    if node.kind in (TERRITORY, REST, NOWHERE):
        return _lying_in(node)
    if node.kind == PERSON:
        return [condition("owner", "is", ids.encode("user", node.key))]
    teams = [ids.encode("team", one.key) for one in node.everybody() if one.kind == TEAM]
    return [condition("team", "in", teams)]


def counted_by(user: User) -> list[Json]:
    """What the deals fulfil that a forecast by territories counts for somebody."""
    reach = reach_within(user)
    if reach == Reach.ALL:
        return []
    counted = [condition("owner", "is", ids.encode("user", user.pk))]
    if reach.has_team and user.team is not None:
        teams = Team.objects.filter(teams_within(user)).values_list("pk", flat=True)
        counted.append(condition("team", "in", [ids.encode("team", key) for key in teams]))
    if reach == Reach.TERRITORY and (places := user.territories_in_reach):
        counted.append(condition("territory", "in", [_place(key) for key in places]))
    return [{"any": counted}]


def _lying_in(node: Node) -> list[Json]:
    """What the deals of a territory fulfil, of what lies directly in it, or of none."""
    if node.kind == NOWHERE:
        return [condition("territory", "empty")]
    within = condition("territory", "within", [_place(node.key)])
    inner = [_place(one.pk) for one in territory_tree.tree().rows if one.parent_id == node.key]
    if node.kind == TERRITORY or not inner:
        return [within]
    return [within, {"not": condition("territory", "within", inner)}]


def _place(key: int) -> str:
    return ids.encode("territory", key)
