"""What an administrator decides: pipelines, their stages, and why deals end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.criteria_told import asked
from circulo.records.criteria import BadCriteria, parse, written
from circulo.records.undo_links import undo_url
from circulo.sales import actions
from circulo.sales.models import Pipeline, Reason, Stage
from circulo.sales.selectors import deals as found
from circulo.sales.selectors.acts import acts_of_stage
from circulo.sales.setting_forms import ActForm, PipelineForm, ReasonForm, StageForm
from circulo.web import Request, toast
from circulo.web.asking import one_place_on


@require_http_methods(["GET", "POST"])
@admin_required
def pipelines(request: Request) -> HttpResponse:
    """The pipelines, and a new one."""
    form = PipelineForm(request.POST or None)
    if form.is_valid() and went_well(form, lambda: _added(request, form)):
        toast(request, _("The pipeline was added."), undo=undo_url())
        return go(request, "sales:pipelines")
    return settings_page(
        request, "sales/pipelines.html", here="pipelines", status=422 if form.is_bound else 200,
        form=form, rows=found.pipelines_in_order(), reasons=found.reasons_in_order(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def pipeline(request: Request, key: str) -> HttpResponse:
    """Change a pipeline; its stages in their order, and a new one."""
    one = _pipeline(key)
    initial = {name: getattr(one, name) for name in ("name", "is_default", "is_active")}
    form = PipelineForm(request.POST or None, initial=initial, pipeline=one)
    act = lambda: actions.change_pipeline(one, form.cleaned_data, by=request.user)  # noqa: E731
    if form.is_valid() and went_well(form, act):
        toast(request, _("The pipeline was saved."), undo=undo_url())
        return go(request, "sales:pipeline", one.public_id)
    return _pipeline_page(request, one, form, StageForm())


@require_POST
@admin_required
def new_stage(request: Request, key: str) -> HttpResponse:
    """Add a stage at the end of a pipeline."""
    one = _pipeline(key)
    form = StageForm(request.POST)
    if form.is_valid() and went_well(
        form, lambda: actions.add_stage(one, form.values(), by=request.user)
    ):
        toast(request, _("The stage was added."), undo=undo_url())
        return go(request, "sales:pipeline", one.public_id)
    initial = {name: getattr(one, name) for name in ("name", "is_default", "is_active")}
    return _pipeline_page(request, one, PipelineForm(initial=initial, pipeline=one), form)


@require_http_methods(["GET", "POST"])
@admin_required
def stage(request: Request, key: str) -> HttpResponse:
    """Change a stage, or take it out of its pipeline."""
    one = stage_of(key)
    form = StageForm(request.POST or None, stage=one)
    if form.is_valid() and went_well(
        form, lambda: actions.change_stage(one, form.values(), by=request.user)
    ):
        toast(request, _("The stage was saved."), undo=undo_url())
        return go(request, "sales:pipeline", one.pipeline.public_id)
    return stage_page(request, one, form, ActForm())


@require_POST
@admin_required
def stage_conditions(request: Request, key: str) -> HttpResponse:
    """Have a stage ask for what a filter of the list of deals says."""
    one, text = stage_of(key), request.POST.get("entry", "")
    try:
        actions.change_stage(one, {"entry": parse(text) if text else {}}, by=request.user)
    except (Invalid, BadCriteria) as refusal:
        toast(request, _told_of(refusal), tone="bad")
    else:
        toast(request, _("The stage was saved."), undo=undo_url())
    return go(request, "sales:stage", key)


@require_POST
@admin_required
def order_stage(request: Request, key: str) -> HttpResponse:
    """Put a stage one place further to the front, or to the end."""
    one = stage_of(key)
    order = [stage.pk for stage in found.stages_of(one.pipeline_id)]
    actions.order_stages(one.pipeline, one_place_on(order, one.pk, request.POST), by=request.user)
    return go(request, "sales:pipeline", one.pipeline.public_id)


@require_POST
@admin_required
def remove_stage(request: Request, key: str) -> HttpResponse:
    """Take a stage out of its pipeline; its deals go to the one that is named."""
    one = stage_of(key)
    to = found.stage_called(request.POST.get("to", ""))
    try:
        actions.remove_stage(one, to=to, by=request.user)
    except (Invalid, RuleBroken) as refusal:
        text = refusal.message if isinstance(refusal, RuleBroken) else refusal.fields["to"]
        toast(request, text, tone="bad")
        return go(request, "sales:stage", key)
    toast(request, _("The stage was taken out."), undo=undo_url())
    return go(request, "sales:pipeline", one.pipeline.public_id)


@require_POST
@admin_required
def reasons(request: Request) -> HttpResponse:
    """Add a reason why deals are won or lost."""
    form = ReasonForm(request.POST)
    if form.is_valid() and went_well(
        form, lambda: actions.add_reason(form.cleaned_data, by=request.user)
    ):
        toast(request, _("The reason was added."), undo=undo_url())
    else:
        toast(request, str(next(iter(form.errors.values()))[0]), tone="bad")
    return go(request, "sales:pipelines")


@require_POST
@admin_required
def reason(request: Request, key: str) -> HttpResponse:
    """Offer a reason no more, or again; have it ask which competitor won, or no more."""
    one = _reason(key)
    asks = request.POST.get("asks_rival", "")
    said = {"asks_rival": asks == "yes"} if asks else {"is_active": not one.is_active}
    actions.change_reason(one, said, by=request.user)
    return go(request, "sales:pipelines")


def stage_page(request: Request, one: Stage, form: StageForm, act_form: ActForm) -> HttpResponse:
    """The page of a stage, with the form that adds an act to it."""
    others = [other for other in found.stages_of(one.pipeline_id) if other.pk != one.pk]
    is_refused = form.is_bound or act_form.is_bound
    return settings_page(
        request, "sales/stage.html", here="pipelines", status=422 if is_refused else 200,
        form=form, act_form=act_form, stage=one, others=others, count=found.deals_in(one),
        acts=acts_of_stage(one.pk), most=actions.MOST_ACTS,
        asked=asked(request.user, "deals", written(one.entry), one.public_id),
    )  # fmt: skip


def _pipeline_page(request: Request, one: Pipeline, form: Any, stage_form: Any) -> HttpResponse:
    is_refused = form.is_bound or stage_form.is_bound
    return settings_page(
        request, "sales/pipeline.html", here="pipelines", status=422 if is_refused else 200,
        form=form, stage_form=stage_form, pipeline=one, stages=found.stages_counted(one),
    )  # fmt: skip


def _added(request: Request, form: PipelineForm) -> Pipeline:
    """A pipeline with three stages to begin with, to be named and added to."""
    stages = [
        {"name": _("Contact"), "probability": 20},
        {"name": _("Proposal"), "probability": 50},
        {"name": _("Agreement"), "probability": 80},
    ]
    return actions.add_pipeline(dict(form.cleaned_data), stages, by=request.user)


def _pipeline(key: str) -> Pipeline:
    return get_object_or_404(found.pipelines_in_order(), pk=ids.key_of("pipeline", key))


def stage_of(key: str) -> Stage:
    """The stage that an address names."""
    return get_object_or_404(found.every_stage(), pk=ids.key_of("stage", key))


def _reason(key: str) -> Reason:
    return get_object_or_404(found.reasons_in_order(), pk=ids.key_of("reason", key))


def _told_of(refusal: Invalid | BadCriteria) -> str:
    return str(next(iter(refusal.fields.values())) if isinstance(refusal, Invalid) else refusal)


def went_well(form: Any, act: Callable[[], object]) -> bool:
    """Do it; show on the form what a rule had against it."""
    try:
        act()
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True
