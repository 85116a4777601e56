"""What administrators decide of leads, and the forms that marketers make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.leads import actions
from circulo.leads.form_fields import FORM, read_form
from circulo.leads.models import RouteRule, ScoreRule, WebForm
from circulo.leads.selectors import forms as found_forms
from circulo.leads.selectors import leads as found
from circulo.leads.selectors import rules as found_rules
from circulo.leads.setting_forms import DeskForm, RouteForm, ScoreForm, WebFormForm
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.criteria_told import asked, in_words, list_url
from circulo.records.undo_links import undo_url
from circulo.web import Request, toast
from circulo.web.asking import one_place_on


@require_http_methods(["GET", "POST"])
@admin_required
def receiving(request: Request) -> HttpResponse:
    """How leads are received: who gets what no rule takes, the rules, and the reasons."""
    form = DeskForm(found.lead_desk(), request.POST or None)
    if form.is_valid() and _went_well(
        form, lambda: actions.change_lead_desk(form.cleaned_data, by=request.user)
    ):
        toast(request, _("Saved."), undo=undo_url())
        return go(request, "leads:receiving")
    return settings_page(
        request, "leads/receiving.html", here="leads", status=422 if form.is_bound else 200,
        form=form, scores=_told(request, found_rules.scores_in_order()),
        routes=_told(request, found_rules.routes_in_order()), reasons=found.reasons_in_order(),
        new_score=list_url("leads", "new-score"), new_route=list_url("leads", "new-route"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def new_score(request: Request) -> HttpResponse:
    """Add a rule of the score."""
    form = ScoreForm(request.POST or None, criteria=request.GET.get("criteria"))
    return _rule_page(request, form, "leads/score.html", None, lambda: actions.add_score_rule(
        form.cleaned_data, by=request.user))  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def score(request: Request, key: str) -> HttpResponse:
    """Change a rule of the score."""
    rule = _score(key)
    form = ScoreForm(request.POST or None, rule=rule, criteria=request.GET.get("criteria"))
    return _rule_page(request, form, "leads/score.html", rule, lambda: actions.change_score_rule(
        rule, form.cleaned_data, by=request.user))  # fmt: skip


@require_POST
@admin_required
def remove_score(request: Request, key: str) -> HttpResponse:
    """Take a rule of the score away."""
    actions.remove_score_rule(_score(key), by=request.user)
    toast(request, _("The rule was taken away."), undo=undo_url())
    return go(request, "leads:receiving")


@require_http_methods(["GET", "POST"])
@admin_required
def new_route(request: Request) -> HttpResponse:
    """Add a rule that says to whom leads go."""
    form = RouteForm(request.POST or None, criteria=request.GET.get("criteria"))
    return _rule_page(request, form, "leads/route.html", None, lambda: actions.add_route_rule(
        form.values(), form.people_said(), by=request.user))  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def route(request: Request, key: str) -> HttpResponse:
    """Change a rule that says to whom leads go."""
    rule = _route(key)
    form = RouteForm(request.POST or None, rule=rule, criteria=request.GET.get("criteria"))
    return _rule_page(request, form, "leads/route.html", rule, lambda: actions.change_route_rule(
        rule, form.values(), form.people_said(), by=request.user))  # fmt: skip


@require_POST
@admin_required
def order_route(request: Request, key: str) -> HttpResponse:
    """Have a rule asked one place earlier, or later."""
    rule = _route(key)
    order = [one.pk for one in found_rules.routes_in_order()]
    actions.order_rules(RouteRule, one_place_on(order, rule.pk, request.POST), by=request.user)
    return go(request, "leads:receiving")


@require_POST
@admin_required
def remove_route(request: Request, key: str) -> HttpResponse:
    """Take a rule that says to whom leads go away."""
    actions.remove_route_rule(_route(key), by=request.user)
    toast(request, _("The rule was taken away."), undo=undo_url())
    return go(request, "leads:receiving")


@require_POST
@admin_required
def reasons(request: Request) -> HttpResponse:
    """Add a reason for which leads are discarded."""
    label = " ".join(request.POST.get("label", "").replace("\0", "").split())[:120]
    try:
        if label:
            actions.add_lead_reason(label, by=request.user)
            toast(request, _("The reason was added."), undo=undo_url())
    except Invalid as invalid:
        toast(request, str(next(iter(invalid.fields.values()))), tone="bad")
    return go(request, "leads:receiving")


@require_POST
@admin_required
def reason(request: Request, key: str) -> HttpResponse:
    """Offer a reason no more, or again."""
    one = found.reason_called(key)
    if one is None:
        raise Http404
    actions.change_lead_reason(one, {"is_active": not one.is_active}, by=request.user)
    return go(request, "leads:receiving")


@require_http_methods(["GET"])
@login_required
def forms(request: Request) -> HttpResponse:
    """The public forms."""
    _refuse_others(request)
    rows = found_forms.forms_in_order()
    return settings_page(request, "leads/forms.html", here="forms", rows=rows)


@require_http_methods(["GET", "POST"])
@login_required
def new_form(request: Request) -> HttpResponse:
    """Add a public form."""
    _refuse_others(request)
    form = WebFormForm(request.POST or None)
    made: list[WebForm] = []
    if form.is_valid() and _went_well(
        form, lambda: made.append(actions.add_form(read_form(form.said()), by=request.user))
    ):
        toast(request, _("The form was added."), undo=undo_url())
        return go(request, "leads:form", made[0].public_id)
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@login_required
def form(request: Request, key: str) -> HttpResponse:
    """Change a public form, and see how to put it on a site."""
    _refuse_others(request)
    one = found_forms.form_called(key)
    if one is None:
        raise Http404
    typed = WebFormForm(request.POST or None, form=one)
    before = {name: getattr(one, name) for name in FORM}
    if typed.is_valid() and _went_well(
        typed, lambda: actions.change_form(one, read_form(typed.said(), before), by=request.user)
    ):
        toast(request, _("The form was saved."), undo=undo_url())
        return go(request, "leads:form", key)
    return _form_page(request, typed, one)


def _form_page(request: Request, form: WebFormForm, one: WebForm | None) -> HttpResponse:
    return settings_page(
        request, "leads/web_form.html", here="forms", status=422 if form.is_bound else 200,
        form=form, one=one, url=found_forms.url_of(one) if one else "",
    )  # fmt: skip


def _rule_page(
    request: Request,
    form: ScoreForm | RouteForm,
    template: str,
    rule: ScoreRule | RouteRule | None,
    act: Callable[[], object],
) -> HttpResponse:
    """Save a rule, or show its form."""
    if form.is_valid() and _went_well(form, act):
        toast(request, _("The rule was saved."), undo=undo_url())
        return go(request, "leads:receiving")
    status = 422 if form.is_bound else 200
    new = "new-score" if isinstance(form, ScoreForm) else "new-route"
    said = asked(
        request.user, "leads", str(form["criteria"].value() or ""), rule.public_id if rule else new,
        is_unsaved=rule is not None and "criteria" in request.GET,
    )  # fmt: skip
    return settings_page(
        request, template, here="leads", status=status, form=form, rule=rule, asked=said
    )


def _told(
    request: Request, rules: Sequence[ScoreRule | RouteRule]
) -> list[tuple[ScoreRule | RouteRule, list[str] | None]]:
    """Rules with what each asks for, in words."""
    words = in_words(request.user, "leads", [rule.criteria for rule in rules])
    return list(zip(rules, words, strict=True))


def _refuse_others(request: Request) -> None:
    if not found_forms.may_decide_forms(request.user):
        raise PermissionDenied


def _score(key: str) -> ScoreRule:
    rule = found_rules.score_called(key)
    if rule is None:
        raise Http404
    return rule


def _route(key: str) -> RouteRule:
    rule = found_rules.route_called(key)
    if rule is None:
        raise Http404
    return rule


def _went_well(form: Any, act: Callable[[], object]) -> bool:
    """Do it; show on the form what a rule had against it."""
    try:
        act()
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True
