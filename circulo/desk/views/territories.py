"""The territories: the tree, one of them, and what a change would do before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts.models import Territory, User
from circulo.accounts.territory_tree import offered
from circulo.accounts.views.doors import admin_required, go, settings_page
from circulo.desk.listing import listing_words
from circulo.desk.territory_changes import Change, address, steps, written
from circulo.desk.territory_forms import NewTerritoryForm, PeopleForm, PlaceForm
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import placing
from circulo.records.undo_links import undo_url
from circulo.territories import actions, proposals
from circulo.territories.drafts import read
from circulo.territories.selectors import effects, tree
from circulo.web import Request, toast


@require_http_methods(["GET", "POST"])
@admin_required
def territories(request: Request) -> HttpResponse:
    """The tree of territories, and a new one."""
    form = NewTerritoryForm(request.POST or None)
    if form.is_valid() and _went_well(
        form, lambda: actions.add_territory(read(form.cleaned_data), by=request.user)
    ):
        toast(request, _("The territory was added."), undo=undo_url())
        return go(request, "desk:territories")
    return settings_page(
        request, "desk/territories.html", here="territories", form=form, places=tree.places(),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def territory(request: Request, key: str) -> HttpResponse:
    """One territory: its rules, who works in it, what it holds."""
    one = _territory(key)
    form = PeopleForm(one, request.POST or None)
    if form.is_valid() and _went_well(
        form, lambda: actions.change_territory(one, read(form.cleaned_data), by=request.user)
    ):
        toast(request, _("The territory was saved."), undo=undo_url())
        return go(request, "desk:territory", key)
    held = tree.held_by(one, request.user)
    return settings_page(
        request, "desk/territory.html", here="territories", form=form, territory=one,
        place_form=PlaceForm(one), rules=_rules(request.user, one), steps=steps(one),
        held=held, amounts=_money(held.amounts), lists=_lists(one),
        others=[pair for pair in offered().items() if pair[0] != one.public_id],
        preview=reverse("desk:preview_territory", args=[key]),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_GET
@admin_required
def preview_territory(request: Request, key: str) -> HttpResponse:
    """Who would move by a change, from where to where; with a pair of territories, who they are."""
    one = _territory(key)
    try:
        change = Change.of(request.GET)
        proposed = proposals.as_it_is()
        names = proposed.names
        change.propose(proposed, one.pk)
    except (Invalid, RuleBroken) as refusal:
        toast(request, _told(refusal), tone="bad")
        return go(request, "desk:territory", key)
    before, after = request.GET.get("from"), request.GET.get("into")
    if before is not None and after is not None:
        flow = _flow_between(before, after)
        found = effects.movers(proposed, *flow)
        return settings_page(
            request, "desk/territory_movers.html", here="territories", territory=one, movers=found,
            before=_name(flow[0], names), after=_name(flow[1], names), most=effects.MOST_SHOWN,
            back=address(change.said),
        )  # fmt: skip
    effect = effects.effect_of(proposed)
    sees_amounts = "amount" not in request.user.hidden_fields("deals")
    return settings_page(
        request, "desk/territory_preview.html", here="territories", territory=one, change=change,
        about=change.about(one), effect=effect, owners=effects.owners_of(effect),
        flows=[_flow(flow, names, change, sees_amounts) for flow in effect.flows],
        amounts=_money(effect.amounts) if sees_amounts else "",
    )  # fmt: skip


@require_POST
@admin_required
def change_territory(request: Request, key: str) -> HttpResponse:
    """Do what a preview showed."""
    one = _territory(key)
    try:
        change = Change.of(request.POST)
        change.apply(one, by=request.user)
    except (Invalid, RuleBroken) as refusal:
        toast(request, _told(refusal), tone="bad")
        return go(request, "desk:territory", key)
    toast(request, _("The territories were changed."), undo=undo_url())
    return go(request, "desk:territories") if change.is_removal else go(
        request, "desk:territory", key
    )  # fmt: skip


def _rules(user: User, one: Territory) -> list[dict[str, Any]]:
    """Both rules of a territory in words, with the ways to change them."""
    labels = {"rule": _("Companies"), "people_rule": _("Contacts without a company")}
    preview = reverse("desk:preview_territory", args=[one.public_id])
    found = []
    for part, name in placing.RULES.items():
        text = written(getattr(one, part))
        change = {"filter": text, "rule": one.public_id} if text else {"rule": one.public_id}
        known = listing_words(user, name, text) if text else None
        found.append({
            "label": labels[part],
            "words": known.words.of(known.tree) if known else "",
            "is_broken": bool(text) and known is None,
            "change": reverse(f"desk:{name}") + address(change),
            "drop": preview + address({part: ""}) if text else "",
        })  # fmt: skip
    same = one.rule and one.people_rule != one.rule and not placing.fault("people_rule", one.rule)
    found[1]["same"] = preview + address({"people_rule": written(one.rule)}) if same else ""
    return found


def _lists(one: Territory) -> dict[str, str]:
    """The lists of what lies in a territory and within it."""
    criterion = written(tree.filter_of(one))
    return {n: f"/{n}" + address({"filter": criterion}) for n in ("companies", "contacts", "deals")}


def _flow(
    flow: effects.Flow, names: dict[int, str], change: Change, sees_amounts: bool
) -> dict[str, Any]:
    ends = {"from": _identifier(flow.before), "into": _identifier(flow.after)}
    return {
        "before": _name(flow.before, names),
        "after": _name(flow.after, names),
        "flow": flow,
        "amounts": _money(flow.amounts) if sees_amounts else "",
        "url": address({**change.said, **ends}),
    }


def _flow_between(before: str, after: str) -> tuple[int, int]:
    """The keys of two territories, 0 for nowhere."""
    keys = [ids.decode("territory", text) or effects.NOWHERE for text in (before, after)]
    return keys[0], keys[1]


def _identifier(key: int) -> str:
    return ids.encode("territory", key) if key else ""


def _name(key: int, names: dict[int, str]) -> str:
    return names.get(key, "") if key else _("no territory")


def _money(amounts: dict[str, Any]) -> str:
    order = sorted(amounts.items(), key=lambda pair: -pair[1])
    return " + ".join(fmt.money(amount, currency, 0) for currency, amount in order if amount)


def _territory(key: str) -> Territory:
    found = tree.territory_called(key)
    if found is None:
        raise Http404
    return found


def _told(refusal: Invalid | RuleBroken) -> Any:
    if isinstance(refusal, RuleBroken):
        return refusal.message
    return next(iter(refusal.fields.values()))


def _went_well(form: Any, act: Callable[[], object]) -> bool:
    """Do it; show on the form what a rule had against it."""
    try:
        act()
    except (Invalid, RuleBroken) as refusal:
        form.tell(refusal)
        return False
    return True
