"""What an administrator decides of the colours on the board."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.criteria_told import asked, in_words, list_url
from circulo.records.undo_links import undo_url
from circulo.sales import actions
from circulo.sales.models import ColourRule
from circulo.sales.selectors.colours import colour_called, colours_in_order
from circulo.sales.setting_forms import ColourForm
from circulo.web import Request, toast
from circulo.web.asking import one_place_on

NEW = "new-colour"


@require_http_methods(["GET"])
@admin_required
def colours(request: Request) -> HttpResponse:
    """The colour rules in their order."""
    rules = colours_in_order()
    words = in_words(request.user, "deals", [rule.criteria for rule in rules])
    return settings_page(
        request, "sales/colours.html", here="colours", rules=list(zip(rules, words, strict=True)),
        new_url=list_url("deals", NEW),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def new_colour(request: Request) -> HttpResponse:
    """Add a colour rule."""
    form = ColourForm(request.POST or None, criteria=request.GET.get("criteria"))
    return _page(
        request, form, None, lambda: actions.add_colour(form.cleaned_data, by=request.user)
    )


@require_http_methods(["GET", "POST"])
@admin_required
def colour(request: Request, key: str) -> HttpResponse:
    """Change a colour rule."""
    rule = _rule(key)
    form = ColourForm(request.POST or None, rule=rule, criteria=request.GET.get("criteria"))
    return _page(
        request, form, rule, lambda: actions.change_colour(rule, form.cleaned_data, by=request.user)
    )


@require_POST
@admin_required
def order_colour(request: Request, key: str) -> HttpResponse:
    """Have a rule asked one place earlier, or later."""
    rule = _rule(key)
    order = [one.pk for one in colours_in_order()]
    actions.order_colours(one_place_on(order, rule.pk, request.POST), by=request.user)
    return go(request, "sales:colours")


@require_POST
@admin_required
def remove_colour(request: Request, key: str) -> HttpResponse:
    """Take a colour rule away."""
    actions.remove_colour(_rule(key), by=request.user)
    toast(request, _("The rule was taken away."), undo=undo_url())
    return go(request, "sales:colours")


def _page(
    request: Request, form: ColourForm, rule: ColourRule | None, act: Callable[[], object]
) -> HttpResponse:
    """Save a rule, or show its form."""
    if form.is_valid():
        try:
            act()
        except (Invalid, RuleBroken) as refusal:
            form.tell(refusal)
        else:
            toast(request, _("The rule was saved."), undo=undo_url())
            return go(request, "sales:colours")
    said = asked(
        request.user, "deals", str(form["criteria"].value() or ""), rule.public_id if rule else NEW,
        is_unsaved=rule is not None and "criteria" in request.GET,
    )  # fmt: skip
    return settings_page(
        request, "sales/colour.html", here="colours", status=422 if form.is_bound else 200,
        form=form, rule=rule, asked=said,
    )  # fmt: skip


def _rule(key: str) -> ColourRule:
    rule = colour_called(key)
    if rule is None:
        raise Http404
    return rule
