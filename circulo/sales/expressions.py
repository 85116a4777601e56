"""What follows from a deal and its stage, as expressions: what it is worth by its probability, how
long it stays, whether anything is planned.

They are written without joins, so that an update or a lock of deals may be narrowed by them too.
"""

from __future__ import annotations

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from circulo.agenda.models import Entry
from circulo.sales.models import Deal, DealStep, ForecastAs, Stage

_MONEY = DecimalField(max_digits=24, decimal_places=5)
CLOSED = "closed"
# From which probability on a forecast counts a deal so, where nobody said how.
LEAST_COMMIT, LEAST_BEST_CASE = 80, 50


class DaysBetween(Func):
    """The whole days from one moment to another."""

    template = "floor(extract(epoch FROM %(expressions)s) / 86400)::integer"
    arg_joiner = " - "
    output_field = IntegerField()


def weighted() -> Combinable:
    """The amount of a deal by its probability."""
    return Func(
        F("amount"),
        F("probability"),
        template="(%(expressions)s / 100.0)",
        arg_joiner=" * ",
        output_field=_MONEY,
    )


def days_in_stage() -> Combinable:
    """How many whole days a deal is, or was at its end, in its stage."""
    return DaysBetween(Coalesce(F("closed_at"), Now()), F("stage_since"))


def is_stale() -> Combinable:
    """Whether an open deal is longer in its stage than that stage allows."""
    slow = Stage.objects.filter(pk=OuterRef("stage_id"), stale_after__isnull=False).annotate(
        days=DaysBetween(Now(), OuterRef("stage_since"))
    )
    late = Exists(slow.filter(days__gte=F("stale_after")))
    return Case(
        When(Q(outcome=Deal.Outcome.OPEN) & Q(late), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def has_next_step() -> Combinable:
    """Whether something is planned for a deal."""
    return Exists(DealStep.objects.filter(deal=OuterRef("pk"), entry__state=Entry.State.OPEN))


def forecast() -> Combinable:
    """How a forecast counts a deal: as was said of it, else of its stage, else by probability."""
    return Case(
        When(outcome=Deal.Outcome.WON, then=Value(CLOSED)),
        When(outcome=Deal.Outcome.LOST, then=Value(ForecastAs.OMITTED)),
        When(~Q(forecast_as=""), then=F("forecast_as")),
        default=Subquery(
            Stage.objects.filter(pk=OuterRef("stage_id")).values(s=forecast_of_stage())
        ),
        output_field=CharField(),
    )


def forecast_of_stage() -> Combinable:
    """How a forecast counts the deals of a stage of which nothing else was said."""
    return Case(
        When(~Q(forecast_as=""), then=F("forecast_as")),
        When(probability__gte=LEAST_COMMIT, then=Value(ForecastAs.COMMIT)),
        When(probability__gte=LEAST_BEST_CASE, then=Value(ForecastAs.BEST_CASE)),
        When(probability__gt=0, then=Value(ForecastAs.PIPELINE)),
        default=Value(ForecastAs.OMITTED),
        output_field=CharField(),
    )


FOLLOWS = {
    "weighted": weighted,
    "days_in_stage": days_in_stage,
    "is_stale": is_stale,
    "has_next_step": has_next_step,
    "forecast": forecast,
}
