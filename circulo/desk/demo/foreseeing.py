"""Entering what the demo firm is to sell and what it expected, week after week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from circulo.accounts.models import Team, User
from circulo.desk.demo import cast
from circulo.desk.demo.foreseen import FIRM, HOPEFUL, Foreseen, Stood, later
from circulo.desk.demo.tell import MADRID
from circulo.forecasts import actions
from circulo.forecasts.actions.adjusting import Adjusting
from circulo.forecasts.actions.quotas import Said
from circulo.forecasts.expectation import Expectation
from circulo.forecasts.models import BACK, Snapshot, SnapshotFigure, SnapshotRow
from circulo.forecasts.periods import Span, period_of
from circulo.lib import money
from circulo.sales.models import Deal, ForecastAs, Stage

CURRENCY, AHEAD, YEARS = "EUR", 3, 3
_COMMIT, _BEST = 80, 50
QUOTAS = {"nerea.etxeberria": 9_000, "pablo.lobato": 8_000, "rocio.benitez": 8_000,
          "antonio.palma": 9_000, "ignacio.herrero": 5_000}  # fmt: skip
Key = tuple[int | None, int | None]


def enter(weeks: Sequence[Foreseen], users: dict[str, User], today: date) -> None:
    """Set the quotas, keep every week that is over, and say what sellers know of this month."""
    _set_quotas(users, today)
    stages = list(Stage.objects.filter(pipeline__is_default=True).in_order())
    for week in weeks:
        at = datetime.combine(week.week, time(8), MADRID)
        rows = _rows(week, stages, users, later(today, 0))
        figures = _figures(week, stages, users)
        actions.keep_snapshot(week.week, at, CURRENCY, rows, figures)
    _commit_early(stages, users)
    _adjust(users, today)
    actions.learn_odds(now=datetime.combine(today, time(8), MADRID))


def forget() -> None:
    """Take the snapshots of the demo away; those that hold somebody else's figures stay."""
    theirs = Snapshot.objects.filter(rows__owner__is_demo=False)
    SnapshotFigure.objects.filter(user=None, team=None).exclude(
        snapshot__in=theirs.values("pk")
    ).delete()
    Snapshot.objects.exclude(pk__in=theirs.values("pk")).delete()


def _set_quotas(users: dict[str, User], today: date) -> None:
    year = period_of(today, Span.YEAR)
    months = [
        month
        for n in range(1 - YEARS, 1)
        for quarter in year.moved(n).parts()
        for month in quarter.parts()
    ]
    actions.set_quotas(
        [
            Said(month, Decimal(amount), CURRENCY, user=users[name].pk)
            for name, amount in QUOTAS.items()
            for month in months
        ],
        by=None,
    )


def _commit_early(stages: Sequence[Stage], users: dict[str, User]) -> None:
    """Somebody commits what is only being negotiated."""
    mine = Deal.objects.on_board().filter(owner=users[HOPEFUL], stage__in=stages[3:4])
    mine.update(forecast_as=ForecastAs.COMMIT)


def _adjust(users: dict[str, User], today: date) -> None:
    boss, hopeful = users[cast.SALES_MANAGER], users[HOPEFUL]
    month = period_of(today, Span.MONTH)
    for by, when, amount, why in (
        (hopeful, month, 2_500,
         "Los lotes de Navidad de Hotel Alcázar: me lo han prometido de palabra."),
        (boss, month.moved(1), -4_000,
         "Siempre promete de más: la mitad se le va al mes siguiente."),
    ):  # fmt: skip
        said = Adjusting(when, ForecastAs.COMMIT, Decimal(amount), why, user=hopeful.pk)
        actions.adjust_forecast(said, by=by)


def _category(one: Stood, stages: Sequence[Stage]) -> str:
    chance = stages[one.stage].probability
    if chance >= _COMMIT or (one.owner == HOPEFUL and one.stage == 3):
        return ForecastAs.COMMIT
    return ForecastAs.BEST_CASE if chance >= _BEST else ForecastAs.PIPELINE


def _rows(
    week: Foreseen, stages: Sequence[Stage], users: dict[str, User], this_month: date
) -> Iterable[SnapshotRow]:
    """What stood where; of months that are over what came of it too."""
    found: dict[tuple[str, date, int, str], SnapshotRow] = {}
    parts = [(one, _category(one, stages)) for one in week.open]
    parts += [(one, "closed") for one in week.won]
    for one, category in parts:
        stage = stages[one.stage]
        row = found.setdefault(
            (one.seller, one.month, one.stage, category),
            SnapshotRow(
                owner=users[one.seller], month=one.month, pipeline_id=stage.pipeline_id,
                stage=stage, stage_name=stage.name, category=category, count=0, amount=Decimal(),
                weighted=Decimal(), won_count=None, won_amount=None,
            ),
        )  # fmt: skip
        row.count += one.count
        row.amount += one.amount
        chance = 100 if category == "closed" else stage.probability
        row.weighted += one.amount * chance / 100
        if category != "closed" and one.month < this_month:
            row.won_count = (row.won_count or 0) + one.came * one.count
            row.won_amount = (row.won_amount or Decimal()) + one.amount * one.came
    return found.values()


def _figures(
    week: Foreseen, stages: Sequence[Stage], users: dict[str, User]
) -> Iterator[SnapshotFigure]:
    """What was said of everybody, of every team above them, and of the firm."""
    for n in range(-BACK, AHEAD):
        month = later(week.week, n)
        nodes: dict[Key, SnapshotFigure] = {}
        for name, quota in QUOTAS.items():
            for key in _above(users[name]):
                figure = nodes.setdefault(key, _nothing(key, month))
                figure.quota = (figure.quota or Decimal()) + quota
        _count_all(nodes, week, month, stages, users)
        for (name, when), expected in week.expected.items():
            if when == month:
                key = (users[name].pk, None) if name != FIRM else (None, None)
                _say(nodes[key], expected)
        yield from nodes.values()


def _count_all(
    nodes: dict[Key, SnapshotFigure], week: Foreseen, month: date, stages: Sequence[Stage],
    users: dict[str, User],
) -> None:  # fmt: skip
    for deals, is_won in ((week.open, False), (week.won, True)):
        for one in deals:
            for key in _above(users[one.seller]) if one.month == month else ():
                _count(nodes[key], one, stages, is_won=is_won)


def _count(figure: SnapshotFigure, one: Stood, stages: Sequence[Stage], *, is_won: bool) -> None:
    if is_won:
        figure.won += one.amount
        return
    figure.weighted += one.amount * stages[one.stage].probability / 100
    if _category(one, stages) == ForecastAs.COMMIT:
        figure.committed += one.amount


def _say(figure: SnapshotFigure, expected: Expectation) -> None:
    won = figure.won
    figure.expected = won + money.rounded(Decimal(expected.mean), CURRENCY)
    figure.low = won + money.rounded(Decimal(expected.low), CURRENCY)
    figure.high = won + money.rounded(Decimal(expected.high), CURRENCY)


def _above(user: User) -> list[Key]:
    """A person, their team and those above it, and the firm."""
    teams: list[Key] = []
    team: Team | None = user.team
    while team is not None:
        teams.append((None, team.pk))
        team = team.parent
    return [(user.pk, None), *teams, (None, None)]


def _nothing(key: Key, month: date) -> SnapshotFigure:
    user, team = key
    zero = Decimal()
    return SnapshotFigure(
        user_id=user, team_id=team, month=month, won=zero, committed=zero, adjusted=zero,
        weighted=zero,
    )  # fmt: skip
