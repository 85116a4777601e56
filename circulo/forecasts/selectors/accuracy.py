"""How wrong the forecasts were: what was said week after week, beside what came.

All of it is answered by the snapshots alone: of the deals nothing is asked any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Max, Q, Sum
from django.db.models.functions import TruncDate, TruncMonth

from circulo.accounts.models import Team, User
from circulo.accounts.rights import Reach
from circulo.forecasts.models import BACK, Snapshot, SnapshotFigure, SnapshotRow
from circulo.forecasts.periods import Period, Span
from circulo.forecasts.seen import reach_within
from circulo.forecasts.selectors.sums import NOTHING, Reckoning

if TYPE_CHECKING:
    from circulo.forecasts.selectors.tree import Key

MONTHS = 12  # so far back one looks
WEEK = timedelta(days=7)
FIRM, TEAM, PERSON = "firm", "team", "person"


@dataclass(frozen=True)
class Told:
    """What was said in one week of one month, and what came."""

    week: date
    month: date
    weeks_ahead: int
    called: Decimal
    weighted: Decimal
    came: Decimal
    expected: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def error(self) -> Decimal:
        """How much more was said than came."""
        return self.called - self.came


@dataclass(frozen=True)
class Judged:
    """How wrong something was over many weeks.

    `bias` is the mean error, above nothing where too much was said; `mae` its mean size, and `mape`
    its mean size by what came, over those weeks of which something came.
    """

    count: int
    bias: Decimal
    mae: Decimal
    mape: Decimal | None
    too_high: int
    too_low: int
    came: Decimal
    said: Decimal

    @property
    def share(self) -> Decimal | None:
        """Which part too much, or too little, was said of what came; None where nothing did."""
        return self.bias / self.came if self.came else None


@dataclass(frozen=True)
class OfStage:
    """What a stage promised by its probability, and what of it was won in its month."""

    name: str
    count: int
    amount: Decimal
    promised: Decimal
    won_count: int
    came: Decimal

    @property
    def said(self) -> Decimal | None:
        """Which part of what stood there was promised."""
        return self.promised / self.amount if self.amount else None

    @property
    def was(self) -> Decimal | None:
        """Which part of it was won."""
        return self.came / self.amount if self.amount else None


@dataclass
class Record:
    """Everything that was said and came of it, by whom it was of."""

    root: Key
    told: dict[Key, list[Told]]
    names: dict[Key, str]
    months: list[date]

    def of(self, key: Key) -> list[Told]:
        """What was said of one, the latest month first."""
        return self.told.get(key, [])


def record_for(user: User, *, today: date, by: Reckoning) -> Record | None:
    """What was said of the last twelve months that are over, as far as somebody sees it."""
    reach = reach_within(user)
    if reach == Reach.NONE:
        return None
    ended = _ended(today, by)
    came = _came(user, ended, by)
    rows = SnapshotFigure.objects.visible_to(user).filter(
        month__in=came, month__gte=_month_of("snapshot__taken_at", by)
    )
    columns = ("user_id", "team_id", "snapshot__week", "month", "won", "committed", "adjusted",
               "weighted", "expected", "low", "high")  # fmt: skip
    told: dict[Key, list[Told]] = {}
    for row in rows.order_by("-month", "-snapshot__week").values_list(*columns):
        person, team, week, month, won, committed, adjusted, weighted, *bounds = row
        key = _key(person, team)
        told.setdefault(key, []).append(
            Told(week, month, _weeks_ahead(week, month), won + committed + adjusted,
                 won + weighted, came[month].get(key, NOTHING), *bounds)
        )  # fmt: skip
    return Record(_root(user, reach), told, _names(user, told), sorted(came, reverse=True))


def judged(told: Sequence[Told], figure: str = "called") -> Judged | None:
    """How wrong a figure was; None where it was never said."""
    said = [(value, one.came) for one in told if (value := getattr(one, figure)) is not None]
    if not said:
        return None
    errors = [value - came for value, came in said]
    parts = [abs(value - came) / came for value, came in said if came]
    count = len(said)
    return Judged(
        count, sum(errors, NOTHING) / count, sum(map(abs, errors), NOTHING) / count,
        sum(parts, NOTHING) / len(parts) if parts else None, sum(error > 0 for error in errors),
        sum(error < 0 for error in errors),
        sum((came for _value, came in said), NOTHING) / count,
        sum((value for value, _came in said), NOTHING) / count,
    )  # fmt: skip


def by_horizon(told: Iterable[Told]) -> dict[int, Judged]:
    """How wrong the forecast was by how many weeks it looked ahead."""
    found: dict[int, list[Told]] = {}
    for one in told:
        found.setdefault(one.weeks_ahead, []).append(one)
    judgements = {weeks: judged(said) for weeks, said in sorted(found.items())}
    return {weeks: one for weeks, one in judgements.items() if one is not None}


def coverage(told: Iterable[Told]) -> tuple[int, int]:
    """How often what came lay between the bounds, of how many times they were said."""
    bounded = [one for one in told if one.low is not None and one.high is not None]
    inside = sum(1 for one in bounded if (one.low or 0) <= one.came <= (one.high or 0))
    return inside, len(bounded)


def stages_for(user: User, record: Record, *, weeks: Sequence[int] | None = None) -> list[OfStage]:
    """What every stage promised, and what came of it; of some horizons, or of all."""
    rows = SnapshotRow.objects.visible_to(user).filter(
        month__in=record.months, won_count__isnull=False
    )
    if weeks is not None:
        rows = rows.filter(_at_horizons(record.months, weeks))
    sums = rows.values("pipeline_id", "stage_id").annotate(
        called=Max("stage_name"), many=Sum("count"), total=Sum("amount"), likely=Sum("weighted"),
        won=Sum("won_count"), came=Sum("won_amount"),
    )  # fmt: skip
    order = sums.order_by("pipeline_id", "stage_id")
    named = ("called", "many", "total", "likely", "won", "came")
    return [OfStage(*row) for row in order.values_list(*named)]


def _at_horizons(months: Iterable[date], weeks: Sequence[int]) -> Q:
    found = Q(pk__in=())
    for month in months:
        last, first = _after(month) - WEEK * weeks[0], _after(month) - WEEK * (weeks[-1] + 1)
        found |= Q(month=month, snapshot__week__gt=first, snapshot__week__lte=last)
    return found


def _ended(today: date, by: Reckoning) -> list[date]:
    this = Period(today.replace(day=1), Span.MONTH, by.begins)
    return [this.moved(-n).first for n in range(1, MONTHS + 1)]


def _after(month: date) -> date:
    return Period(month, Span.MONTH).end


def _weeks_ahead(week: date, month: date) -> int:
    return (_after(month) - week) // WEEK


def _came(user: User, months: Sequence[date], by: Reckoning) -> dict[date, dict[Key, Decimal]]:
    """By month what everybody, every team as it was then, and the firm won of it, as the last
    snapshot that told of it says; months of which none has told yet are left out.
    """
    taken = Snapshot.objects.annotate(month=_month_of("taken_at", by)).order_by("week")
    last: dict[date, int] = {}
    for month in months:
        told_until = Period(month, Span.MONTH).moved(BACK).first
        for one in taken:
            if month < one.month <= told_until:
                last[month] = one.pk
    found: dict[date, dict[Key, Decimal]] = {month: {} for month in last}
    rows = SnapshotFigure.objects.visible_to(user).filter(snapshot__in=set(last.values()))
    columns = ("snapshot_id", "month", "user_id", "team_id", "won")
    for snapshot, month, person, team, won in rows.filter(month__in=last).values_list(*columns):
        if last[month] == snapshot:
            found[month][_key(person, team)] = won
    return found


def _month_of(taken_at: str, by: Reckoning) -> TruncMonth:
    """The month within which a snapshot was taken, which may be the one after its Monday’s."""
    return TruncMonth(TruncDate(taken_at, tzinfo=by.zone))


def _root(user: User, reach: Reach) -> Key:
    if reach == Reach.ALL:
        return FIRM, 0
    if reach.has_team and user.team_id:
        return TEAM, user.team_id
    return PERSON, user.pk


def _names(user: User, told: Iterable[Key]) -> dict[Key, str]:
    keys = list(told)
    people = User.objects.filter(pk__in=[key for kind, key in keys if kind == PERSON])
    teams = Team.objects.filter(pk__in=[key for kind, key in keys if kind == TEAM])
    return {
        **{(PERSON, key): name for key, name in people.values_list("pk", "name")},
        **{(TEAM, key): name for key, name in teams.values_list("pk", "name")},
    }


def _key(person: int | None, team: int | None) -> Key:
    if person is not None:
        return PERSON, person
    return (TEAM, team) if team is not None else (FIRM, 0)
