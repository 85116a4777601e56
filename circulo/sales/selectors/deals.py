"""Reads over deals and pipelines for pages and the API, each within what a person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.sales.models import Deal, Pipeline, Reason, Stage

_RELATED = ("pipeline", "stage", "owner", "reason", "created_by")


def seen_deal(user: User, identifier: str, act: str = "view") -> Deal | None:
    """The deal of this identifier, where the person may do this with it."""
    key = ids.decode("deal", identifier) or 0
    if act != "view":
        rows = Deal.objects.visible_to(user, act).select_related(*_RELATED)
        return rows.filter(pk=key).first()
    asked = prepared.statement("a deal", user, ("deals",), _of_one_key)
    return next((prepared.made(Deal, row, *_RELATED) for row in asked.rows(user, key)), None)


def _of_one_key(user: User) -> QuerySet[Any, Any]:
    rows = Deal.objects.visible_to(user).filter(pk=prepared.KEY)
    return rows.values_list(*prepared.columns_of(Deal, *_RELATED))


def may_do(user: User, deal: Deal, act: str) -> bool:
    """Whether a person may edit or delete a deal that they see; as `visible_to` says."""
    reach = user.reach("deals", act)
    place = deal.party.territory_id if reach == Reach.TERRITORY and deal.party else None
    return user.lies_in_reach(reach, deal.owner_id, place)


def pipelines_in_order() -> QuerySet[Pipeline]:
    """Every pipeline with its stages, in their order."""
    return Pipeline.objects.in_order().prefetch_related("stages")


def stages_of(*pipelines: int) -> list[Stage]:
    """The stages of some pipelines in their order."""
    return list(Stage.objects.filter(pipeline__in=pipelines).in_order())


def stages_counted(pipeline: Pipeline) -> QuerySet[Stage]:
    """The stages of a pipeline, each with how many open deals stand in it."""
    open_ones = Q(deals__outcome=Deal.Outcome.OPEN, deals__binned_at=None)
    return pipeline.stages.in_order().annotate(count=Count("deals", filter=open_ones))


def pipeline_called(identifier: str) -> Pipeline | None:
    """The pipeline of this identifier."""
    return Pipeline.objects.filter(pk=ids.decode("pipeline", identifier) or 0).first()


def stage_called(identifier: str) -> Stage | None:
    """The stage of this identifier, with its pipeline."""
    found = prepared.once("a stage", _stage_of_one_key).run(
        {prepared.KEY: ids.decode("stage", identifier) or 0}
    )
    return next((prepared.made(Stage, row, "pipeline") for row in found), None)


def _stage_of_one_key() -> QuerySet[Any, Any]:
    rows = Stage.objects.filter(pk=prepared.KEY)
    return rows.values_list(*prepared.columns_of(Stage, "pipeline"))


def reason_called(identifier: str) -> Reason | None:
    """The reason of this identifier."""
    return Reason.objects.filter(pk=ids.decode("reason", identifier) or 0).first()


def reasons_for(outcome: str) -> QuerySet[Reason]:
    """The reasons in use for deals that end like this."""
    return Reason.objects.in_use().filter(outcome=outcome).in_order()


def every_stage() -> QuerySet[Stage]:
    """Every stage, with its pipeline."""
    return Stage.objects.select_related("pipeline")


def reasons_in_order() -> QuerySet[Reason]:
    """Every reason: those for won deals first, each in its order."""
    return Reason.objects.order_by("-outcome", "position", "pk")


def deals_in(stage: Stage) -> int:
    """How many deals stand in a stage, whatever became of them."""
    return stage.deals.count()
