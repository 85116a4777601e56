"""The forecast by territories: each deal counts where its party lies, and what lies in none
stands in a row of its own, so that the rows come to what the firm has.

What is counted is what the forecast of people counts: the deals of whoever one sees the figures of,
and by the reach over territories those of the parties that lie in them. Where the party of a deal
is out of sight, so is its territory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from circulo.accounts import territory_tree
from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import Period
from circulo.forecasts.seen import people_within, reach_within, sees_places
from circulo.forecasts.selectors.links import counted_by
from circulo.forecasts.selectors.sums import (
    Reckoning,
    Source,
    Tally,
    expected_of,
    open_deals,
    reckoning,
    won,
)
from circulo.forecasts.selectors.tree import (
    FIRM,
    NOWHERE,
    REST,
    SIGHT,
    TERRITORY,
    Forecast,
    Made,
    Node,
    says,
)
from circulo.lib.compiled import compiled
from circulo.parties.models import Party
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import Territory


def has_places(user: User) -> bool:
    """Whether there is a forecast by territories for somebody."""
    return bool(territory_tree.tree().rows) and sees_places(user)


def forecast_by_territory(
    user: User, periods: Sequence[Period], *, today: date, by: Reckoning | None = None
) -> Forecast | None:
    """The forecast of these periods by territories, as far as somebody sees it."""
    reach = reach_within(user)
    if reach == Reach.NONE or not sees_places(user):
        return None
    by = by or reckoning()
    made = Made(list(periods), by, today)
    made.count(REST, _tallies(user, periods, today, by))
    made.read_quotas(Quota.objects.visible_to(user).of_territories())
    made.read_adjustments(Adjustment.objects.visible_to(user).of_territories())
    root = _root(made, reach)
    made.settle(root)
    _close(root)
    return Forecast(list(periods), root, by, is_by_territory=True, counts=counted_by(user))


def counted_for(user: User) -> Q:
    """The condition on deals that they count in the forecast that somebody sees."""
    reach = reach_within(user)
    if reach == Reach.ALL:
        return Q()
    counted = Q(owner__in=User.objects.filter(people_within(user)).values("pk"))
    if reach == Reach.TERRITORY:
        counted |= Q(party__territory__in=user.territories_in_reach)
    return counted


def _tallies(
    user: User, periods: Sequence[Period], today: date, by: Reckoning
) -> Iterator[tuple[int, int, str, Tally]]:
    """Territory (0 for none), number of the period, category and what there is."""
    named = ("outcome", "binned_at", "owner_id", "closed_at", "currency", "amount", "place")
    sql, parameters = compiled(_placed(Deal.objects.all(), user).values(*named))
    among = Source(f"({sql})", parameters, "place")
    known = territory_tree.tree().by_key
    for place, n, category, tally in won(periods, None, by=by, among=among):
        yield _known(place, known), n, category, tally
    rows = _placed(open_deals(today=today, by=by), user)
    for place, n, category, tally in expected_of(rows, periods, today=today, key="place"):
        yield _known(place, known), n, category, tally


def _known(place: int | None, known: dict[int, Territory]) -> int:
    return place if place is not None and place in known else 0


def _placed(rows: QuerySet[Deal], user: User) -> QuerySet[Any]:
    """Those that count, each with the territory of its party as `place`, where one sees it."""
    party = Party.objects.visible_to(user).filter(pk=OuterRef("party_id"))
    return rows.filter(counted_for(user)).annotate(place=Subquery(party.values("territory_id")))


def _root(made: Made, reach: Reach) -> Node:
    """The tree of the territories of which there is something to say."""
    kind, name = (FIRM, "") if reach == Reach.ALL else (SIGHT, _("What you see"))
    root = Node(kind, 0, name, made.of((kind, 0)))
    territories = territory_tree.tree().rows
    nodes = {one.pk: Node(TERRITORY, one.pk, one.name, made.of((TERRITORY, one.pk)), one.path)
             for one in territories}  # fmt: skip
    for one in territories:
        nodes.get(one.parent_id or 0, root).below.append(nodes[one.pk])
    for node in nodes.values():
        if (REST, node.key) in made.figures:
            rest = _("Elsewhere in %s") % node.name
            node.below.append(Node(REST, node.key, rest, made.of((REST, node.key))))
    _prune(root, made)
    if (REST, 0) in made.figures:
        root.below.append(Node(NOWHERE, 0, _("Without a territory"), made.of((REST, 0))))
    return root


def _prune(node: Node, made: Made) -> None:
    """Leave out the territories of which there is nothing to say."""
    for below in node.below:
        _prune(below, made)
    node.below = [n for n in node.below if n.kind == REST or n.below or says(n, made)]


def _close(node: Node) -> None:
    """A territory within which there is none with figures is told as one."""
    for below in node.below:
        _close(below)
    if node.kind == TERRITORY and all(below.kind == REST for below in node.below):
        node.below = []
