"""The forecast as a tree: people, their teams, the teams above them, the firm.

The figures of everybody whom somebody sees are read by a few statements, however many there are,
and added up from below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from circulo.accounts.models import BY_NAME, Team, User
from circulo.accounts.rights import Reach
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import MONTHS, Period, Span
from circulo.forecasts.seen import people_within, reach_within, sees_shares, teams_within
from circulo.forecasts.selectors.rates import rate_on
from circulo.forecasts.selectors.shared import tallies
from circulo.forecasts.selectors.sums import NOTHING, Reckoning, Tally, reckoning
from circulo.lib import ids
from circulo.sales.expressions import CLOSED
from circulo.sales.models import ForecastAs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circulo.forecasts.models.adjustments import AdjustmentQuerySet
    from circulo.forecasts.models.quotas import QuotaQuerySet

FIRM, TEAM, PERSON = "firm", "team", "person"
# Of a forecast by territories: one of them, what lies in it and in none within it, what lies in
# none at all, and everything that somebody sees who does not see the firm.
TERRITORY, REST, NOWHERE, SIGHT = "territory", "rest", "nowhere", "sight"
NAMED = {PERSON: "user", TEAM: "team", TERRITORY: "territory", REST: "territory"}
# Of what a forecast is made that one can count on, and of what it might be made.
CALLED = (CLOSED, ForecastAs.COMMIT)
HOPED = (*CALLED, ForecastAs.BEST_CASE)
SUBJECT = ("user_id", "team_id", "territory_id")
Key = tuple[str, int]


@dataclass
class Figures:
    """What is said of one node for one period, in the currency of the firm."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    adjusted: dict[str, Decimal] = field(default_factory=dict)
    quota: Decimal | None = None
    apart: dict[str, Decimal] = field(default_factory=dict)

    def of(self, category: str) -> Decimal:
        """What there is in a category, with what was added to it or taken from it."""
        there = self.tallies.get(category)
        return (there.amount if there else NOTHING) + self.adjusted.get(category, NOTHING)

    def count(self, category: str) -> int:
        """How many deals there are in a category."""
        there = self.tallies.get(category)
        return there.count if there else 0

    def is_shared(self, category: str) -> bool:
        """Whether there are parts of deals in a category."""
        there = self.tallies.get(category)
        return there.is_shared if there else False

    @property
    def won(self) -> Decimal:
        """What was won."""
        return self.of(CLOSED)

    @property
    def open_weighted(self) -> Decimal:
        """What is open by its probability; what is omitted counts for nothing."""
        there = (t.weighted for c, t in self.tallies.items()
                 if c not in (CLOSED, ForecastAs.OMITTED))  # fmt: skip
        return sum(there, NOTHING)

    @property
    def called(self) -> Decimal:
        """The forecast: what was won, and what is committed."""
        return sum((self.of(category) for category in CALLED), NOTHING)

    @property
    def hoped(self) -> Decimal:
        """The forecast if the best case comes true too."""
        return sum((self.of(category) for category in HOPED), NOTHING)

    @property
    def weighted(self) -> Decimal:
        """What was won, and what is open by its probability."""
        return self.won + self.open_weighted

    @property
    def gap(self) -> Decimal | None:
        """What is still to be won of the quota; None without a quota."""
        return None if self.quota is None else self.quota - self.won

    def add(self, other: Figures) -> None:
        """Count those of a node below with these, but for its quota."""
        for category, tally in other.tallies.items():
            self.tallies.setdefault(category, Tally()).add(tally)
        for category, amount in other.adjusted.items():
            self.adjusted[category] = self.adjusted.get(category, NOTHING) + amount
        for currency, amount in other.apart.items():
            self.apart[currency] = self.apart.get(currency, NOTHING) + amount


@dataclass
class Node:
    """Somebody, a team, a territory or the firm, with its figures and those below it."""

    kind: str
    key: int
    name: str
    figures: list[Figures]
    path: str = ""
    team: int | None = None
    below: list[Node] = field(default_factory=list)

    @property
    def identifier(self) -> str:
        """How addresses call it."""
        if self.kind not in NAMED:
            return self.kind
        return f"{self.kind}-{ids.encode(NAMED[self.kind], self.key)}"

    def everybody(self) -> Iterator[Node]:
        """This node and all below it, each before those below it."""
        yield self
        for node in self.below:
            yield from node.everybody()

    def people(self) -> list[Node]:
        """The people of it."""
        return [node for node in self.everybody() if node.kind == PERSON]


@dataclass
class Forecast:
    """What somebody sees of the forecast of some periods.

    `counts` is what its deals fulfil besides what their node says of them. Where it `is_divided`,
    who has a share of a deal has that part of its amount.
    """

    periods: list[Period]
    root: Node
    by: Reckoning
    is_by_territory: bool = False
    is_divided: bool = False
    counts: list[dict[str, Any]] = field(default_factory=list)

    def find(self, identifier: str) -> Node | None:
        """The node that an address names."""
        return next((n for n in self.root.everybody() if n.identifier == identifier), None)

    def way_to(self, node: Node) -> list[Node]:
        """The nodes above one, from the top."""
        return [n for n in self.root.everybody()
                if n is not node and any(below is node for below in n.everybody())]  # fmt: skip


def forecast_for(
    user: User, periods: Sequence[Period], *, today: date, by: Reckoning | None = None
) -> Forecast | None:
    """The forecast of these periods, one after the other, as far as somebody sees it."""
    reach = reach_within(user)
    if reach == Reach.NONE:
        return None
    by = by or reckoning()
    people = User.objects.filter(people_within(user)).order_by(*BY_NAME)
    known = {key: (name, team) for key, name, team in people.values_list("pk", "name", "team_id")}
    made = Made(list(periods), by, today)
    owners = None if reach == Reach.ALL else list(known)
    is_divided = sees_shares(user)
    made.count(PERSON, tallies(periods, owners, today=today, by=by, is_divided=is_divided))
    made.read_quotas(Quota.objects.visible_to(user).of_people())
    made.read_adjustments(Adjustment.objects.visible_to(user).of_people())
    teams = list(Team.objects.filter(teams_within(user)).order_by("name"))
    root = _root(made, user, reach, teams, known)
    made.settle(root)
    return Forecast(list(periods), root, by, is_divided=is_divided)


@dataclass
class Made:
    """The figures of every node while they are put together."""

    periods: list[Period]
    by: Reckoning
    today: date
    figures: dict[Key, list[Figures]] = field(default_factory=dict)
    quotas: dict[Key, dict[tuple[str, date], Decimal]] = field(default_factory=dict)

    def of(self, key: Key) -> list[Figures]:
        """The figures of a node, empty at first."""
        found = self.figures.get(key)
        if found is None:
            found = self.figures[key] = [Figures() for _period in self.periods]
        return found

    def count(self, kind: str, found: Iterable[tuple[int, int, str, Tally]]) -> None:
        """Count deals with those of this kind whose they are."""
        for key, n, category, tally in found:
            figures = self.of((kind, key))[n]
            figures.tallies.setdefault(category, Tally()).add(tally)
            for currency, amount in tally.apart.items():
                figures.apart[currency] = figures.apart.get(currency, NOTHING) + amount

    def read_quotas(self, rows: QuotaQuerySet) -> None:
        """Read what of these quotas is of these periods and of their parts."""
        named = (*SUBJECT, "starts_on", "span", "amount", "currency")
        for *subject, day, span, amount, currency in rows.within(self.periods).values_list(*named):
            worth = self._worth(amount, currency, day)
            key = _key(*subject)
            self.of(key)
            if worth is None:
                self._set_apart(key, day, amount, currency)
            else:
                self.quotas.setdefault(key, {})[span, day] = worth

    def read_adjustments(self, rows: AdjustmentQuerySet) -> None:
        """Read what people added or took away."""
        rows = rows.in_force().within(self.periods)
        longest = MONTHS[self.periods[0].span]
        named = (*SUBJECT, "starts_on", "span", "category", "amount", "currency")
        for *subject, day, span, category, amount, currency in rows.values_list(*named):
            place = self._place(day)
            if MONTHS[Span(span)] > longest or place is None:
                continue
            worth = self._worth(amount, currency, day)
            key = _key(*subject)
            if worth is None:
                self._set_apart(key, day, amount, currency)
            else:
                adjusted = self.of(key)[place].adjusted
                adjusted[category] = adjusted.get(category, NOTHING) + worth

    def settle(self, node: Node) -> None:
        """Add up from below, and say the quotas; what has no quota of its own has those below."""
        for below in node.below:
            self.settle(below)
        for n, period in enumerate(self.periods):
            figures = node.figures[n]
            for below in node.below:
                figures.add(below.figures[n])
            own = _quota(self.quotas.get((node.kind, node.key), {}), period)
            parts = [below.figures[n].quota for below in node.below]
            said = [part for part in parts if part is not None]
            figures.quota = own if own is not None else (sum(said, NOTHING) if said else None)

    def _place(self, day: date) -> int | None:
        return next((n for n, period in enumerate(self.periods) if period.holds(day)), None)

    def _worth(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        if currency == self.by.currency:
            return amount
        rate = rate_on(self.by.rates, currency, min(day, self.today))
        return None if rate is None else amount * rate

    def _set_apart(self, key: Key, day: date, amount: Decimal, currency: str) -> None:
        place = self._place(day)
        if place is not None:
            apart = self.of(key)[place].apart
            apart[currency] = apart.get(currency, NOTHING) + amount


def _root(
    made: Made, user: User, reach: Reach, teams: Sequence[Team],
    known: Mapping[int, tuple[str, int | None]],
) -> Node:  # fmt: skip
    """The tree of whoever has figures, below what this person sees the whole of."""
    nodes = {team.pk: Node(TEAM, team.pk, team.name, made.of((TEAM, team.pk)), team.path)
             for team in teams}  # fmt: skip
    people = [
        Node(PERSON, key, name, made.of((PERSON, key)), team=team)
        for key, (name, team) in known.items()
        if (PERSON, key) in made.figures
    ]
    mine = nodes.get(user.team_id or 0)
    if reach == Reach.ALL:
        root = Node(FIRM, 0, "", made.of((FIRM, 0)))
    elif reach.has_team and mine is not None:
        root = mine
    else:
        root = Node(PERSON, user.pk, user.name, made.of((PERSON, user.pk)), team=user.team_id)
        return root
    for team in teams:
        node = nodes[team.pk]
        above = nodes.get(team.parent_id or 0, root)
        if node is not root:
            above.below.append(node)
    for person in people:
        nodes.get(person.team or 0, root).below.append(person)
    _prune(root, made)
    return root


def _prune(node: Node, made: Made) -> None:
    """Leave out the teams of which there is nothing to say."""
    for below in node.below:
        _prune(below, made)
    node.below = [n for n in node.below if n.kind == PERSON or n.below or says(n, made)]


def says(node: Node, made: Made) -> bool:
    """Whether anything is said of a node itself: a quota, or an adjustment."""
    has_quota = (node.kind, node.key) in made.quotas
    return has_quota or any(one.adjusted or one.apart for one in node.figures)


def _quota(said: Mapping[tuple[str, date], Decimal], period: Period) -> Decimal | None:
    """The quota of a period: its own, or that of its parts together."""
    own = said.get((period.span, period.first))
    if own is not None or not said:
        return own
    parts = [_quota(said, part) for part in period.parts()]
    found = [part for part in parts if part is not None]
    return sum(found, NOTHING) if found else None


def _key(person: int | None, team: int | None, territory: int | None) -> Key:
    if person is not None:
        return PERSON, person
    return (TEAM, team) if team is not None else (TERRITORY, territory or 0)


def told(node: Node) -> dict[str, Any]:
    """What a node is, as other programs are told."""
    is_somebody = node.kind in NAMED and node.kind != REST
    identifier = ids.encode(NAMED[node.kind], node.key) if is_somebody else None
    return {"kind": node.kind, "id": identifier, "name": node.name or None}
