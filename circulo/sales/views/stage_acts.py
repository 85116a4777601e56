"""What an administrator decides of the acts that a stage suggests."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.records.undo_links import undo_url
from circulo.sales import actions
from circulo.sales.models import Stage, StageAct
from circulo.sales.selectors.acts import act_called, acts_of_stage
from circulo.sales.setting_forms import ActForm, StageForm
from circulo.sales.views.settings import stage_of, stage_page, went_well
from circulo.web import Request, toast
from circulo.web.asking import one_place_on


@require_POST
@admin_required
def new_act(request: Request, key: str) -> HttpResponse:
    """Have a stage suggest something."""
    stage, form = stage_of(key), ActForm(request.POST)
    if form.is_valid() and went_well(
        form, lambda: actions.add_act(stage, form.cleaned_data, by=request.user)
    ):
        toast(request, _("The act was added."), undo=undo_url())
        return _back(request, stage)
    return stage_page(request, stage, StageForm(stage=stage), form)


@require_http_methods(["GET", "POST"])
@admin_required
def act(request: Request, key: str) -> HttpResponse:
    """Change what a stage suggests."""
    one = _act(key)
    form = ActForm(request.POST or None, act=one)
    if form.is_valid() and went_well(
        form, lambda: actions.change_act(one, form.cleaned_data, by=request.user)
    ):
        toast(request, _("The act was saved."), undo=undo_url())
        return _back(request, one.stage)
    return settings_page(
        request, "sales/act.html", here="pipelines", status=422 if form.is_bound else 200,
        form=form, act=one,
    )  # fmt: skip


@require_POST
@admin_required
def order_act(request: Request, key: str) -> HttpResponse:
    """Suggest something one place earlier, or later."""
    one = _act(key)
    order = [other.pk for other in acts_of_stage(one.stage_id)]
    actions.order_acts(one.stage, one_place_on(order, one.pk, request.POST), by=request.user)
    toast(request, _("In another place: %s.") % one.title, undo=undo_url())
    return _back(request, one.stage)


@require_POST
@admin_required
def remove_act(request: Request, key: str) -> HttpResponse:
    """Suggest something no more."""
    one = _act(key)
    actions.remove_act(one, by=request.user)
    toast(request, _("The act was taken away."), undo=undo_url())
    return _back(request, one.stage)


def _back(request: Request, stage: Stage) -> HttpResponse:
    return go(request, "sales:stage", stage.public_id)


def _act(key: str) -> StageAct:
    found = act_called(key)
    if found is None:
        raise Http404
    return found
