"""The queue of possible duplicates: look at a pair, merge it, or say that they are two."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.accounts.rights import Reach
from circulo.accounts.views.doors import admin_required, settings_page
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import actions
from circulo.parties.forms import MergeRuleForm
from circulo.parties.models import Duplicate, PartyKind
from circulo.parties.queue import (
    PER_PAGE,
    choices_from,
    latest_search,
    pair_of,
    queue_page,
    reasons_of,
    side_by_side,
)
from circulo.parties.selectors import merge_rules
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast

KINDS = {"contacts": PartyKind.PERSON, "companies": PartyKind.ORGANISATION}
RESOURCES = {kind: name for name, kind in KINDS.items()}


@require_GET
@login_required
def queue(request: Request) -> HttpResponse:
    """Pairs that may be one, the likeliest first, and one of them side by side."""
    kind = _kind(request)
    resource = RESOURCES[kind]
    asked = request.GET
    after = pair_of(request.user, asked.get("after", ""))
    found = queue_page(request.user, kind, after)
    pairs, hidden = found[:PER_PAGE], request.user.hidden_fields(resource)
    chosen = pair_of(request.user, asked.get("pair", "")) if "pair" in asked else None
    if chosen is None or chosen.is_different or chosen.first.kind != kind:
        chosen = pairs[0] if pairs else None
    place = next((at for at, pair in enumerate(pairs) if pair == chosen), None)
    return page(
        request,
        "parties/queue.html",
        tabs=[
            {"label": _("Contacts"), "url": _url("contacts"), "current": resource == "contacts"},
            {"label": _("Companies"), "url": _url("companies"), "current": resource == "companies"},
        ],
        resource=resource,
        entries=[(pair, reasons_of(pair, hidden), _url(resource, pair, after)) for pair in pairs],
        side=side_by_side(request.user, chosen) if chosen else None,
        previous=_url(resource, pairs[place - 1], after) if place else "",
        next=_next_url(resource, found, place, after),
        next_id=_next_id(found, place),
        more=_url(resource, after=pairs[-1]) if len(found) > PER_PAGE else "",
        search=latest_search(kind),
        may_search=_may_search(request, kind),
    )


@require_POST
@login_required
def merge_pair(request: Request, identifier: str) -> HttpResponse:
    """Merge the two into the one that was chosen to stay, with the chosen values."""
    pair = _pair(request, identifier)
    gone, stays = pair.first, pair.second
    if request.POST.get("survivor") != stays.public_id:
        gone, stays = stays, gone
    hidden = request.user.hidden_fields(stays.resource)
    choices = {
        name: key for name, key in choices_from(request.POST, pair).items() if name not in hidden
    }
    try:
        survivor = actions.merge_parties(stays, [gone], by=request.user, choices=choices)
    except (RuleBroken, Invalid) as refused:
        return _refused(request, refused, PartyKind(stays.kind))
    toast(request, _("“%(gone)s” is now part of “%(name)s”.") % {
        "gone": gone.name, "name": survivor.name}, undo=undo_url())  # fmt: skip
    return _on(request, stays.kind)


@require_POST
@login_required
def keep_apart(request: Request, identifier: str) -> HttpResponse:
    """Say that these are two; no later search brings the pair up again."""
    pair = _pair(request, identifier)
    actions.keep_apart([pair.pk], by=request.user)
    undo = reverse("parties:doubt_again", args=[pair.public_id])
    toast(request, _("They stay two, and are not brought up again."), undo=undo)
    return _on(request, pair.first.kind)


@require_POST
@login_required
def doubt_again(request: Request, identifier: str) -> HttpResponse:
    """Put a pair back into the queue."""
    pair = pair_of(request.user, identifier)
    if pair is None:
        raise Http404
    actions.doubt_again([pair.pk], by=request.user)
    toast(request, _("The pair is in the queue again."))
    there = _url(RESOURCES[PartyKind(pair.first.kind)], pair)
    return swap(request, "web/_notice.html", otherwise=there, text=_("The pair is back."))


@require_POST
@login_required
def search_duplicates(request: Request) -> HttpResponse:
    """Have duplicates looked for now."""
    kind = _kind(request)
    if not _may_search(request, kind):
        raise PermissionDenied
    search = actions.start_search(kind, by=request.user)
    there = _url(RESOURCES[kind])
    return swap(request, "parties/_search_state.html", otherwise=there, search=search,
                resource=RESOURCES[kind], may_search=True)  # fmt: skip


@require_http_methods(["GET", "POST"])
@admin_required
def merging(request: Request) -> HttpResponse:
    """When two records are merged without anybody's look."""
    data = request.POST if request.method == "POST" else None
    rules = merge_rules()
    forms = [MergeRuleForm(rules[kind], data) for kind in PartyKind]
    if data is not None and all([form.is_valid() for form in forms]):
        for form in forms:
            actions.change_merge_rule(form.rule.kind, **form.cleaned_data, by=request.user)
        toast(request, _("Saved."))
        return swap(request, "", otherwise="parties:merging")
    status = 200 if data is None else 422
    return settings_page(request, "parties/merging.html", here="merging", status=status,
                         forms=forms)  # fmt: skip


def _pair(request: Request, identifier: str) -> Duplicate:
    pair = pair_of(request.user, identifier)
    if pair is None or pair.is_different:
        raise Http404
    return pair


def _on(request: Request, kind: str) -> HttpResponse:
    """On to the pair that the page named as the next one."""
    following = pair_of(request.user, request.POST.get("next", ""))
    return swap(request, "", otherwise=_url(RESOURCES[PartyKind(kind)], following))


def _refused(request: Request, refused: RuleBroken | Invalid, kind: PartyKind) -> HttpResponse:
    if isinstance(refused, Invalid):
        refused = RuleBroken(next(iter(refused.fields.values())))
    return page(
        request,
        "web/alone.html",
        status=409,
        partial="web/_notice.html",
        text=refused.message,
        tone="bad",
        url=_url(RESOURCES[kind]),
        act=_("To the queue"),
    )


def _kind(request: Request) -> PartyKind:
    """The kind of record that is asked for, where this person may change some of that kind."""
    asked = request.POST.get("type") or request.GET.get("type") or "contacts"
    return KINDS.get(asked, PartyKind.PERSON)


def _may_search(request: Request, kind: PartyKind) -> bool:
    return bool(request.user.reach(RESOURCES[kind], "edit") != Reach.NONE)


def _next_id(found: list[Duplicate], place: int | None) -> str:
    """The pair that comes after this one is decided: the next one, or else the one before."""
    if place is None:
        return ""
    others = found[place + 1 : place + 2] or found[max(0, place - 1) : place]
    return others[0].public_id if others else ""


def _next_url(
    resource: str, found: list[Duplicate], place: int | None, after: Duplicate | None
) -> str:
    """The pair after the chosen one, perhaps the first of the next page."""
    if place is None or place + 1 >= len(found):
        return ""
    following = found[place + 1]
    return _url(resource, following, after if place + 1 < PER_PAGE else found[PER_PAGE - 1])


def _url(resource: str, pair: Duplicate | None = None, after: Duplicate | None = None) -> str:
    said = {"type": resource} if resource != "contacts" else {}
    if after is not None:
        said["after"] = after.public_id
    if pair is not None:
        said["pair"] = pair.public_id
    return reverse("parties:queue") + (f"?{urlencode(said)}" if said else "")
