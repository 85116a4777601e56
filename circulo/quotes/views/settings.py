"""What an administrator decides of quotes: rules of approval, how quotes look."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, settings_page
from circulo.lib.errors import Invalid
from circulo.parties.criteria_told import asked, in_words
from circulo.quotes import actions
from circulo.quotes.forms import PaperForm, RuleForm, initial_of_paper, initial_of_rule
from circulo.quotes.models import ApprovalRule
from circulo.quotes.selectors.approvals import rule_called, rules_in_order
from circulo.quotes.selectors.paper import paper
from circulo.records.undo_links import undo_url
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@admin_required
def quotes(request: Request) -> HttpResponse:
    """How quotes look and what they say at first; the rules of approval."""
    form = PaperForm(request.POST or None, initial=initial_of_paper(paper()))
    if form.is_bound and form.is_valid():
        try:
            actions.change_paper(form.cleaned_data, by=request.user)
        except Invalid as invalid:
            _tell(form, invalid)
        else:
            toast(request, _("Saved."), undo=undo_url())
            return redirect("quotes:settings")
    return settings_page(
        request, "quotes/settings.html", here="quotes", form=form, rules=_told(request),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def new_rule(request: Request) -> HttpResponse:
    """State which quotes must be approved."""
    form = RuleForm(request.POST or None, initial=_filtered(request))
    return _answered(request, form, None)


@require_http_methods(["GET", "POST"])
@admin_required
def rule(request: Request, key: str) -> HttpResponse:
    """Change a rule of approval."""
    one = _find(key)
    form = RuleForm(request.POST or None, initial=initial_of_rule(one) | _filtered(request))
    return _answered(request, form, one)


@require_POST
@admin_required
def remove_rule(request: Request, key: str) -> HttpResponse:
    """Take a rule of approval away."""
    actions.remove_rule(_find(key), by=request.user)
    toast(request, _("The rule is gone."), undo=undo_url())
    return redirect("quotes:settings")


def _answered(request: Request, form: RuleForm, one: ApprovalRule | None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            if one is None:
                actions.add_rule(form.said(), by=request.user)
            else:
                actions.change_rule(one, form.said(), by=request.user)
        except Invalid as invalid:
            _tell(form, invalid)
        else:
            toast(request, _("The rule was saved."), undo=undo_url())
            return redirect("quotes:settings")
    text = str(form["criterion"].value() or "")
    rule = one.public_id if one else "new-rule"
    is_unsaved = one is not None and "criteria" in request.GET
    said = asked(request.user, "quotes", text, rule, is_unsaved=is_unsaved)
    return settings_page(
        request, "quotes/rule.html", here="quotes", form=form, rule=one, asked=said,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _filtered(request: Request) -> dict[str, str]:
    """What the list of quotes was filtered by to become the conditions of a rule."""
    text = request.GET.get("criteria")
    return {} if text is None else {"criterion": text}


def _told(request: Request) -> list[tuple[ApprovalRule, list[str] | None]]:
    """The rules with what each asks for, in words."""
    rules = list(rules_in_order())
    words = in_words(request.user, "quotes", [rule.criterion for rule in rules])
    return list(zip(rules, words, strict=True))


def _find(key: str) -> ApprovalRule:
    found = rule_called(key)
    if found is None:
        raise Http404
    return found


def _tell(form: Any, invalid: Invalid) -> None:
    for name, why in invalid.fields.items():
        form.add_error(name if name in form.fields else None, str(why))
