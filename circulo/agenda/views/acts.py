"""What is done with tasks and appointments, one or many: the same acts from every screen."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from circulo.agenda import actions
from circulo.agenda.models import Entry
from circulo.agenda.selectors.free import one_of
from circulo.lib import format as one
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.bulk import Act, acts_of
from circulo.web import Request, page, swap, toast

MOST_AT_ONCE = 2_000
# What takes an act back, from the message that says it was done.
UNDONE_BY = {"complete": "reopen", "drop": "reopen"}


@require_POST
@login_required
def act(request: Request, act: str) -> HttpResponse:
    """Do one thing with the entries that are named, or ask for the value that it needs."""
    known = acts_of("tasks").get(act)
    if known is None:
        raise Http404
    named = (request.POST.getlist("ids") or request.GET.getlist("ids"))[:MOST_AT_ONCE]
    entries = _reachable(request, known, named)
    if not entries:
        raise Http404
    value = request.POST.get("value", "")
    if known.asks and not value:
        return _ask(request, known, entries)
    try:
        with transaction.atomic():
            entries = _alone(request, entries)
            count = known.write([entry.pk for entry in entries], value, request.user)
    except Invalid as invalid:
        return _ask(request, known, entries, str(next(iter(invalid.fields.values()))))
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
        answer = _back(request)
        answer["HX-Reswap"] = "none"  # what was not done stays where it stands
        return answer
    _say(request, known, entries, count)
    return _back(request)


def _alone(request: Request, entries: list[Entry]) -> list[Entry]:
    """The one time of a series that is meant, where the page names it."""
    instance = request.POST.get("instance", "")
    if not instance or len(entries) != 1 or one_of(entries[0], instance) is None:
        return entries
    return [actions.single_out(entries[0], instance, by=request.user)]


def _reachable(request: Request, act: Act, named: Sequence[str]) -> list[Entry]:
    keys = [key for one in named if (key := ids.decode("entry", one))]
    rows = Entry.objects.visible_to(request.user, act.right).filter(pk__in=keys)
    return list(rows.order_by("falls_at", "pk"))


def _say(request: Request, act: Act, entries: Sequence[Entry], count: int) -> None:
    if not count:
        toast(request, _("Nothing was changed."))
        return
    said = entries[0].title if count == 1 else (
        ngettext("%s task", "%s tasks", count) % one.number(count))  # fmt: skip
    undo = ""
    if act.name in UNDONE_BY and count <= 100:
        query = urlencode({"ids": [entry.public_id for entry in entries]}, doseq=True)
        undo = f"{reverse('agenda:act', args=[UNDONE_BY[act.name]])}?{query}"
    toast(request, str(act.said) % said, undo=undo)


def _ask(request: Request, act: Act, entries: Sequence[Entry], wrong: str = "") -> HttpResponse:
    """The page that asks for the value of an act."""
    return page(
        request,
        "agenda/act.html",
        status=422 if wrong else 200,
        act=act,
        entries=entries,
        names=[entry.title for entry in entries[:6]],
        more=max(0, len(entries) - 6),
        choices=act.choices(request.user) if act.choices else [],
        instance=request.POST.get("instance", ""),
        wrong=wrong,
        back=_where(request),
    )


def _back(request: Request) -> HttpResponse:
    return swap(request, "web/_notice.html", otherwise=_where(request), text="")


def _where(request: Request) -> str:
    """The page that the act was done on, if it is one of ours."""
    said = request.POST.get("back", "") or request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    path = "/" + said.removeprefix(here) if said.startswith(here) else said
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and "/act/" not in path else reverse("desk:tasks")
