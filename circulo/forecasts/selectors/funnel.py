"""How far deals come, where they are lost, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    QuerySet,
    Value,
)

from circulo.accounts import prepared
from circulo.forecasts.selectors.figures import WON, Wanted, ended
from circulo.forecasts.selectors.links import Json, condition, deals_at
from circulo.forecasts.selectors.sums import Reckoning
from circulo.lib import ids
from circulo.lib.compiled import compiled
from circulo.sales.models import Deal, DealStay, Stage

if TYPE_CHECKING:
    from circulo.accounts.models import User

_DAY = timedelta(days=1)


class Percentile(Aggregate):
    """The value below which a part of the others lies."""

    function = "percentile_cont"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: object, part: str) -> None:
        super().__init__(expression, part=part)


@dataclass(frozen=True)
class Step:
    """A stage of the funnel: how many deals came there, and what became of those that got no
    further."""

    stage: Stage
    reached: int
    lost: int
    still: int
    share: Decimal | None
    reached_url: str
    lost_url: str
    still_url: str


@dataclass(frozen=True)
class Funnel:
    """How far the deals came that began in some days."""

    begun: int
    won: int
    won_url: str
    steps: list[Step]


@dataclass(frozen=True)
class Pace:
    """How long something took, in days: half of the times at most `median`, nine of ten `most`."""

    count: int
    median: float
    most: float


def funnel_for(user: User, pipeline: int, wanted: Wanted, *, by: Reckoning) -> Funnel:
    """How far the deals of a pipeline came that somebody sees, of those begun in these days.

    A deal came as far as the last stage in which it ever was; what was won came to the end.
    """
    first, end = wanted.moments(by)
    stages = list(Stage.objects.filter(pipeline=pipeline).in_order())
    rows = Deal.objects.visible_to(user).filter(
        pipeline=pipeline, opened_at__gte=first, opened_at__lt=end
    )
    there = _stopped(rows, stages)
    begun = [
        condition("pipeline", "is", ids.encode("pipeline", pipeline)),
        condition("opened_at", "gte", first.isoformat()),
        condition("opened_at", "lt", end.isoformat()),
    ]
    won = sum(many for (_stage, outcome), many in there.items() if outcome == WON)
    steps = [_step(stages, n, there, won, begun) for n in range(len(stages))]
    url = deals_at([*begun, condition("outcome", "is", "won")])
    return Funnel(sum(there.values()), won, url, steps)


def _stopped(rows: QuerySet[Deal], stages: Sequence[Stage]) -> dict[tuple[int | None, str], int]:
    """How many of these deals came no further than each stage, by what became of them."""
    order = Value([stage.pk for stage in stages], ArrayField(BigIntegerField()))
    place = Func(order, F("stays__stage"), function="array_position", output_field=IntegerField())
    sql, said = compiled(rows.annotate(place=Max(place)).values("place", "outcome").order_by())
    counted = prepared.run_anew(
        f"SELECT place, outcome, count(*) FROM ({sql}) AS deals GROUP BY 1, 2", said
    )
    return {
        (stages[place - 1].pk if place else None, outcome): many for place, outcome, many in counted
    }


def _step(
    stages: Sequence[Stage], n: int, there: dict[tuple[int | None, str], int], won: int,
    begun: list[Json],
) -> Step:  # fmt: skip
    def stopped(stage: Stage, outcome: str) -> int:
        return there.get((stage.pk, outcome), 0)

    def reached(place: int) -> int:
        on_the_way = (stopped(one, how) for one in stages[place:] for how in ("open", "lost"))
        return won + sum(on_the_way)

    stage, later = stages[n], [one.public_id for one in stages[n + 1 :]]
    furthest = [condition("passed", "is", stage.public_id)]
    if later:
        furthest.append({"not": condition("passed", "in", later)})
    came = {"any": [condition("outcome", "is", "won"),
                    condition("passed", "in", [stage.public_id, *later])]}  # fmt: skip
    before = reached(n - 1) if n else 0
    return Step(
        stage, reached(n), stopped(stage, "lost"), stopped(stage, "open"),
        Decimal(reached(n)) / before if before else None,
        deals_at([*begun, came]),
        deals_at([*begun, condition("outcome", "is", "lost"), *furthest]),
        deals_at([*begun, condition("outcome", "is", "open"), *furthest]),
    )  # fmt: skip


def pace_of_won(user: User, wanted: Wanted, *, by: Reckoning) -> Pace | None:
    """How long it took to win what was won in these days; None where nothing was."""
    rows = ended(user, wanted, by=by).filter(outcome=WON, closed_at__gte=F("opened_at"))
    took = ExpressionWrapper(F("closed_at") - F("opened_at"), DurationField())
    said = rows.aggregate(
        count=Count("pk"), median=Percentile(took, "0.5"), most=Percentile(took, "0.9")
    )
    return _pace(said["count"], said["median"], said["most"])


def pace_of_stages(user: User, pipeline: int, wanted: Wanted, *, by: Reckoning) -> dict[int, Pace]:
    """By stage how long deals stayed there, of those that left it in these days."""
    first, end = wanted.moments(by)
    seen = Deal.objects.visible_to(user).filter(pipeline=pipeline)
    took = ExpressionWrapper(F("left_at") - F("entered_at"), DurationField())
    rows = (
        DealStay.objects.filter(deal__in=seen.values("pk"), outcome="open",
                                left_at__gte=first, left_at__lt=end)
        .values_list("stage")
        .annotate(many=Count("pk"), median=Percentile(took, "0.5"), most=Percentile(took, "0.9"))
        .order_by()
    )  # fmt: skip
    paces = {stage: _pace(many, median, most) for stage, many, median, most in rows}
    return {stage: pace for stage, pace in paces.items() if pace is not None}


def _pace(count: int, median: timedelta | None, most: timedelta | None) -> Pace | None:
    if median is None or most is None:
        return None
    return Pace(count, median / _DAY, most / _DAY)
