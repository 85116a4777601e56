"""Quotas as their grid shows them: of everybody whose quota somebody sees, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from circulo.accounts import territory_tree
from circulo.accounts.models import BY_NAME, Team, Territory, User
from circulo.accounts.rights import RoleName
from circulo.forecasts.models import Quota
from circulo.forecasts.periods import Period
from circulo.forecasts.seen import people_within, teams_within, territories_within
from circulo.lib import ids
from circulo.sales.models import Deal, DealShare

SELLS = (RoleName.SELLER, RoleName.MANAGER)


@dataclass(frozen=True)
class Subject:
    """Of whom a quota is: somebody, a team or a territory."""

    kind: str
    key: int
    name: str
    is_changed: bool

    @property
    def identifier(self) -> str:
        """How a form calls it."""
        return f"{self.kind}-{ids.encode(self.kind, self.key)}"


@dataclass(frozen=True)
class GridRow:
    """The quotas of one, period by period."""

    subject: Subject
    amounts: list[tuple[Period, Decimal | None, str]]


@dataclass(frozen=True)
class Grid:
    """The quotas of a year, by the periods of one length."""

    periods: list[Period]
    rows: list[GridRow]


def subjects_for(user: User) -> list[Subject]:
    """The teams, people and territories whose quotas somebody sees; whether they may set them."""
    has_quota = Exists(Quota.objects.filter(user=OuterRef("pk")))
    has_deals = Exists(Deal.objects.filter(owner=OuterRef("pk")))
    has_shares = Exists(DealShare.objects.filter(user=OuterRef("pk")))
    people = User.objects.filter(people_within(user, "quotas"))
    sell = people.filter(
        Q(is_active=True) & (Q(role__in=SELLS) | has_deals | has_shares) | has_quota
    )
    inside = User.objects.filter(team__path__startswith=OuterRef("path"), pk__in=sell.values("pk"))
    team_quota = Exists(Quota.objects.filter(team=OuterRef("pk")))
    teams = Team.objects.filter(teams_within(user, "quotas")).order_by("path")
    teams = teams.filter(Exists(inside) | team_quota)
    may = User.objects.filter(people_within(user, "quotas", "edit")).values_list("pk", flat=True)
    may_team = Team.objects.filter(teams_within(user, "quotas", "edit"))
    mine, my_teams = set(may), set(may_team.values_list("pk", flat=True))
    return [
        *(Subject("team", one.pk, one.name, one.pk in my_teams) for one in teams),
        *(Subject("user", one.pk, one.name, one.pk in mine) for one in sell.order_by(*BY_NAME)),
        *_territories_for(user),
    ]


def _territories_for(user: User) -> list[Subject]:
    """The territories whose quotas somebody sees, as the tree has them."""
    known = territory_tree.tree()
    if not known.rows:
        return []
    has_quota = Exists(Quota.objects.filter(territory=OuterRef("pk")))
    rows = Territory.objects.filter(territories_within(user, "quotas"))
    seen = set(rows.filter(Q(is_active=True) | has_quota).values_list("pk", flat=True))
    may = Territory.objects.filter(territories_within(user, "quotas", "edit"))
    mine = set(may.values_list("pk", flat=True))
    return [Subject("territory", one.pk, known.whole_name(one), one.pk in mine)
            for one in known.rows if one.pk in seen]  # fmt: skip


def grid_for(user: User, periods: list[Period]) -> Grid:
    """The quotas of these periods, of everybody whose quotas somebody sees."""
    rows = Quota.objects.visible_to(user).filter(
        span=periods[0].span, starts_on__in=[one.first for one in periods]
    )
    known = {
        (kind, key, day): (amount, currency)
        for kind in ("user", "team", "territory")
        for key, day, amount, currency in rows.exclude(**{kind: None}).values_list(
            f"{kind}_id", "starts_on", "amount", "currency"
        )
    }
    found = []
    for subject in subjects_for(user):
        said = [(period, *known.get((subject.kind, subject.key, period.first), (None, "")))
                for period in periods]  # fmt: skip
        found.append(GridRow(subject, said))
    return Grid(periods, found)
