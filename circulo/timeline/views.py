"""The history of a party, page by page, and logging what happened."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.timeline import actions, hearing
from circulo.timeline.following_up import follow_ups
from circulo.timeline.forms import LogForm
from circulo.timeline.kinds import GROUP_LABELS, Kind
from circulo.timeline.models import Interaction
from circulo.timeline.selectors import history
from circulo.web import Request, page, swap, toast


@require_GET
@login_required
def timeline(request: Request, identifier: str) -> HttpResponse:
    """A page of a party's history: the newest, or what lies before or after a mark."""
    party, asked = _party(request, identifier), request.GET
    shown = history(
        request.user,
        party,
        group=asked.get("group", ""),
        before=asked.get("before", ""),
        since=asked.get("since", ""),
    )
    part = "_older" if "before" in asked else "_latest" if "since" in asked else "_history"
    context: dict[str, Any] = {"party": party, "history": shown, "group": asked.get("group", "")}
    if not request.htmx:
        return page(request, "timeline/history.html", **context, groups=GROUP_LABELS)
    return page(request, f"timeline/{part}.html", **context, groups=GROUP_LABELS)


@require_GET
@login_required
def interaction(request: Request, identifier: str) -> HttpResponse:
    """One interaction, whole."""
    rows = Interaction.objects.visible_to(request.user).select_related("party", "by")
    told = get_object_or_404(rows, pk=ids.decode("interaction", identifier) or 0)
    return page(request, "timeline/interaction.html", told=told, party=told.party)


@require_POST
@login_required
def log(request: Request, identifier: str) -> HttpResponse:
    """Log what happened; the history follows in the same answer."""
    party = _party(request, identifier)
    if not request.user.may("interactions", "create"):
        raise PermissionDenied
    form = LogForm(request.POST, request.FILES)
    told = _logged(request, party, form) if form.is_valid() else None
    if told is None:
        context = composer(party, form)
        return swap(request, "timeline/_composer.html", otherwise="timeline/log.html",
                    status=422, **context)  # fmt: skip
    _say_what_of_mentions(request, told)
    asked = request.POST
    shown = history(request.user, party, group=asked.get("group", ""), since=asked.get("since", ""))
    return swap(
        request,
        "timeline/_logged.html",
        otherwise=party.get_absolute_url(),
        **composer(party, LogForm(initial={"kind": told.kind})),
        history=shown,
        group=asked.get("group", ""),
        fresh=told.public_id,
    )


def composer(party: Party, form: LogForm | None = None) -> dict[str, Any]:
    """What the composer needs."""
    return {
        "party": party,
        "log": form or LogForm(),
        "who": party.name,
        "url": party.history_url,
        "key": party.public_id,
    }


def _logged(request: Request, party: Party, form: LogForm) -> Interaction | None:
    """What was logged, with what follows from it: all of it or nothing."""

    def follow() -> None:
        for one in follow_ups(request.user):
            one.act(request.POST, party, request.user)

    try:
        return actions.log(
            Kind(form.cleaned_data["kind"]),
            party=party,
            by=request.user,
            telling=form.telling(request.user),
            files=request.FILES.getlist("files"),
            then=follow,
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return None


def _say_what_of_mentions(request: Request, told: Interaction) -> None:
    for text in hearing.of_mentions(told.body, hearing.untold(told), is_private=told.is_private):
        toast(request, text, tone="bad")


def _party(request: Request, identifier: str) -> Party:
    key = ids.decode("party", identifier)
    if key is None:
        raise Http404
    return get_object_or_404(Party.objects.visible_to(request.user), pk=key)
