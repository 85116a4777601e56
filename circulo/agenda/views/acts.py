"""What is done with tasks and appointments, one or many: the same acts from every screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from circulo.accounts.models import User
from circulo.agenda import actions
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import colleagues
from circulo.agenda.selectors.free import one_of
from circulo.lib import format as one
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken, Text
from circulo.web import Request, page, swap, toast

MOST_AT_ONCE = 2_000
Write = Callable[[Sequence[int], Any, User], int]


@dataclass(frozen=True)
class Act:
    """One act on entries. `asks` names the value it needs, `undo` the act that takes it back."""

    name: str
    label: Text
    mark: str
    right: str
    write: Write
    said: Text
    asks: Text = ""
    undo: str = ""
    tone: str = ""


def _complete(keys: Sequence[int], value: Any, user: User) -> int:
    return actions.complete_entries(keys, by=user, note=value or "")


def _postpone(keys: Sequence[int], value: Any, user: User) -> int:
    return actions.postpone_entries(keys, to=day_of(value), by=user)


def _assign(keys: Sequence[int], value: Any, user: User) -> int:
    to = colleagues().filter(pk=ids.decode("user", value or "") or 0).first()
    if to is None:
        raise Invalid({"value": _("Choose one of the list.")})
    return actions.assign_entries(keys, to=to, by=user)


ACTS = {
    act.name: act
    for act in (
        Act("complete", pgettext_lazy("act", "Done"), "check", "edit", _complete, lazy("Done: %s."),
            undo="reopen"),
        Act("postpone", lazy("Postpone"), "calendar-arrow-up", "edit", _postpone,
            lazy("Postponed: %s."), lazy("To which day")),
        Act("assign", lazy("Give to somebody"), "user-check", "edit", _assign,
            lazy("Given away: %s."), lazy("To whom")),
        Act("drop", lazy("Drop"), "ban", "delete",
            lambda keys, _value, user: actions.drop_entries(keys, by=user), lazy("Dropped: %s."),
            undo="reopen", tone="danger"),
        Act("reopen", lazy("Open again"), "rotate-ccw", "edit",
            lambda keys, _value, user: actions.reopen_entries(keys, by=user),
            lazy("Open again: %s.")),
    )
}  # fmt: skip
_OVER = ("done", "dropped")


def acts_for(user: User, show: str) -> list[dict[str, Any]]:
    """The buttons of the bar over the selected rows, as far as this person may."""
    wanted = ["reopen"] if show in _OVER else ["complete", "postpone", "assign", "drop"]
    return [
        {"label": act.label, "url": reverse("agenda:act", args=[act.name]), "mark": act.mark,
         "tone": act.tone}
        for act in (ACTS[name] for name in wanted)
        if user.may("tasks", act.right)
    ]  # fmt: skip


@require_POST
@login_required
def act(request: Request, act: str) -> HttpResponse:
    """Do one thing with the entries that are named, or ask for the value that it needs."""
    known = ACTS.get(act)
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


def day_of(value: str) -> date:
    """The day that a choice means: tomorrow, on Monday, in a week, or the day itself."""
    today = timezone.localdate()
    known = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "monday": today + timedelta(days=7 - today.weekday()),
        "week": today + timedelta(days=7),
        "month": today + timedelta(days=30),
    }
    if value in known:
        return known[value]
    try:
        day = parse_date(value[:10])
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 2200:
        raise Invalid({"value": _("This is not a date: write it as 1980-02-14.")})
    return day


def _say(request: Request, act: Act, entries: Sequence[Entry], count: int) -> None:
    if not count:
        toast(request, _("Nothing was changed."))
        return
    said = entries[0].title if count == 1 else (
        ngettext("%s task", "%s tasks", count) % one.number(count))  # fmt: skip
    undo = ""
    if act.undo and count <= 100:
        query = urlencode({"ids": [entry.public_id for entry in entries]}, doseq=True)
        undo = f"{reverse('agenda:act', args=[act.undo])}?{query}"
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
        choices=_choices(act),
        instance=request.POST.get("instance", ""),
        wrong=wrong,
        back=_where(request),
    )


def _choices(act: Act) -> list[tuple[str, str]]:
    if act.name == "assign":
        return [(user.opaque, user.name) for user in colleagues()]
    names = {"today": _("Today"), "tomorrow": _("Tomorrow"), "monday": _("On Monday"),
             "week": _("In a week"), "month": _("In a month")}  # fmt: skip
    return [(name, f"{label} · {one.day(day_of(name), 'medium')}") for name, label in names.items()]


def _back(request: Request) -> HttpResponse:
    return swap(request, "web/_notice.html", otherwise=_where(request), text="")


def _where(request: Request) -> str:
    """The page that the act was done on, if it is one of ours."""
    said = request.POST.get("back", "") or request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    path = "/" + said.removeprefix(here) if said.startswith(here) else said
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and "/act/" not in path else reverse("agenda:tasks")
