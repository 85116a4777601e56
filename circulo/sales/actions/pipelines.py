"""What administrators decide: pipelines, their stages, and the reasons for an end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.selectors import house
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.criteria import BadCriteria, compile_for
from circulo.records.resources import resource
from circulo.sales.actions import telling, writing
from circulo.sales.actions.acts import put_acts
from circulo.sales.actions.moving import hold_stages
from circulo.sales.models import Deal, DealStay, Pipeline, Reason, Stage

MOST_STAGES = 30


@transaction.atomic
def add_pipeline(
    values: dict[str, Any], stages: Sequence[dict[str, Any]], *, by: User | None
) -> Pipeline:
    """Add a pipeline with its stages in order."""
    _refuse_nameless({"name": ""} | values)
    _refuse_taken_name(Pipeline.objects.filter(name=values["name"]).exists())
    last = Pipeline.objects.aggregate(last=Max("position"))["last"]
    is_default = values.pop("is_default", False)
    pipeline = Pipeline.objects.create(position=(last or 0) + 1, **values)
    for stage in stages:
        add_stage(pipeline, stage, by=by)
    return change_pipeline(pipeline, {"is_default": True}, by=by) if is_default else pipeline


@transaction.atomic
def change_pipeline(pipeline: Pipeline, values: dict[str, Any], *, by: User | None) -> Pipeline:
    """Change a pipeline; the one for new deals gives that up to another, never by itself."""
    _refuse_nameless(values)
    same = Pipeline.objects.filter(name=values.get("name", "")).exclude(pk=pipeline.pk)
    _refuse_taken_name(same.exists())
    is_default = values.get("is_default", pipeline.is_default)
    if pipeline.is_default and (not is_default or values.get("is_active") is False):
        raise RuleBroken(_("New deals begin here: choose another pipeline for them first."))
    if is_default and not values.get("is_active", pipeline.is_active):
        raise RuleBroken(_("A pipeline out of use cannot take new deals."))
    if is_default:
        Pipeline.objects.filter(is_default=True).exclude(pk=pipeline.pk).update(is_default=False)
    for name, value in values.items():
        setattr(pipeline, name, value)
    pipeline.save()
    telling.publish({pipeline.pk}, [])
    return pipeline


@transaction.atomic
def add_stage(pipeline: Pipeline, values: dict[str, Any], *, by: User | None) -> Stage:
    """Add a stage at the end of a pipeline; `acts` among the values are what it suggests."""
    values = dict(values)
    acts = values.pop("acts", ())
    if pipeline.stages.count() >= MOST_STAGES:
        raise RuleBroken(_("A pipeline has at most %d stages.") % MOST_STAGES)
    _refuse_nameless({"name": ""} | values)
    _refuse_unknown(values)
    last = pipeline.stages.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    stage = _kept(Stage(pipeline=pipeline, position=position, **values))
    if acts:
        put_acts(stage, acts, by=by)
    return stage


@transaction.atomic
def change_stage(stage: Stage, values: dict[str, Any], *, by: User | None) -> Stage:
    """Change a stage; the deals in it stay, and are worth what it says from now on. Where the
    values say `acts`, it suggests those alone.
    """
    values = dict(values)
    acts = values.pop("acts", None)
    _refuse_nameless(values)
    _refuse_unknown(values)
    hold_stages([stage.pk])
    for name, value in values.items():
        setattr(stage, name, value)
    kept = _kept(stage)
    if "probability" in values:
        writing.follow_stages([stage.pk])
    if acts is not None:
        put_acts(kept, acts, by=by)
    return kept


@transaction.atomic
def order_stages(pipeline: Pipeline, keys: Sequence[int], *, by: User | None) -> None:
    """Put the stages of a pipeline into this order; those that are not named come after."""
    stages = {stage.pk: stage for stage in pipeline.stages.in_order().select_for_update()}
    named = [stages.pop(key) for key in keys if key in stages]
    for place, stage in enumerate([*named, *stages.values()]):
        stage.position = place
        stage.save(update_fields=["position"])
    telling.publish({pipeline.pk}, [])


@transaction.atomic
def remove_stage(stage: Stage, *, to: Stage | None, by: User | None) -> None:
    """Take a stage out of its pipeline; its deals, and their way so far, go over to another."""
    if stage.pipeline.stages.count() == 1:
        raise RuleBroken(_("A pipeline keeps at least one stage."))
    is_used = Deal.objects.filter(stage=stage).exists()
    is_used = is_used or DealStay.objects.filter(stage=stage).exists()
    if is_used and (to is None or to.pk == stage.pk or to.pipeline_id != stage.pipeline_id):
        raise Invalid({"to": _("Say which stage of the pipeline its deals go to.")})
    list(Stage.objects.filter(pipeline=stage.pipeline_id).order_by("pk").select_for_update())
    keys = list(
        Deal.objects.filter(stage=stage).order_by("rank", "pk").values_list("pk", flat=True)
    )
    if to is not None:
        writing.set_columns(keys, {"stage_id": to.pk})
        writing.put_last(keys)
        DealStay.objects.filter(stage=stage).update(stage=to)
    pipeline = stage.pipeline_id
    stage.delete()
    telling.publish({pipeline}, keys)


@transaction.atomic
def add_reason(values: dict[str, Any], *, by: User | None) -> Reason:
    """Add a reason why deals are won or lost."""
    rows = Reason.objects.filter(outcome=values["outcome"])
    _refuse_taken_name(rows.filter(label=values["label"]).exists(), "label")
    last = rows.aggregate(last=Max("position"))["last"]
    return Reason.objects.create(position=0 if last is None else last + 1, **values)


@transaction.atomic
def change_reason(reason: Reason, values: dict[str, Any], *, by: User | None) -> Reason:
    """Change what a reason says, or offer it no more; deals that have it keep it."""
    label = values.get("label", reason.label)
    same = Reason.objects.filter(outcome=reason.outcome, label=label).exclude(pk=reason.pk)
    _refuse_taken_name(same.exists(), "label")
    for name, value in values.items():
        setattr(reason, name, value)
    reason.save()
    return reason


def _kept(stage: Stage) -> Stage:
    try:
        with transaction.atomic():
            stage.save()
    except IntegrityError as error:
        raise Invalid({"name": _("There is one of that name already.")}) from error
    telling.publish({stage.pipeline_id}, [])
    return stage


def _refuse_nameless(values: dict[str, Any]) -> None:
    if not values.get("name", True):
        raise Invalid({"name": _("A name is needed.")})


def _refuse_taken_name(is_taken: bool, name: str = "name") -> None:
    if is_taken:
        raise Invalid({name: _("There is one of that name already.")})


def _refuse_unknown(values: dict[str, Any]) -> None:
    """Invalid where a stage asks for fields that there are not, or in a way that cannot be."""
    fields = resource("deals").every_field()
    unknown = [name for name in values.get("required", ()) if name not in fields]
    if unknown:
        raise Invalid({"required": _("There is no such field here: %s.") % ", ".join(unknown)})
    try:
        if values.get("entry", {}) != {}:
            compile_for(resource("deals"), values["entry"], house())
    except BadCriteria as bad:
        raise Invalid({"entry": str(bad)}) from bad
