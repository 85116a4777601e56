"""What forms and filters offer of pipelines: by identifier, as people call it."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from circulo.accounts.models import Team
from circulo.lib import ids
from circulo.lib.errors import Text
from circulo.sales.expressions import CLOSED
from circulo.sales.models import ForecastAs, Pipeline, Reason, Stage


def stages_offered() -> dict[str, Text]:
    """Every stage in use, with its pipeline where there are several."""
    rows = Stage.objects.filter(pipeline__is_active=True).select_related("pipeline")
    found = list(rows.order_by("-pipeline__is_default", "pipeline__position", "position", "pk"))
    are_several = len({one.pipeline_id for one in found}) > 1
    return {
        one.public_id: f"{one.pipeline.name}: {one.name}" if are_several else one.name
        for one in found
    }


def pipelines_offered() -> dict[str, Text]:
    """Every pipeline in use."""
    return {one.public_id: one.name for one in Pipeline.objects.in_use().in_order()}


def reasons_offered() -> dict[str, Text]:
    """Every reason in use, why deals are won or lost."""
    rows = Reason.objects.in_use().order_by("outcome", "position", "pk")
    return {one.public_id: one.label for one in rows}


def forecasts_offered() -> dict[str, Text]:
    """How a forecast may count a deal."""
    return {**dict(ForecastAs.choices), CLOSED: pgettext_lazy("forecast", "Closed")}


def teams_offered() -> dict[str, Text]:
    """Every team whose people sell."""
    rows = Team.objects.order_by("name").values_list("pk", "name")
    return {ids.encode("team", key): name for key, name in rows}
