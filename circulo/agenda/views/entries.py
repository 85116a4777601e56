"""The page of a task or an appointment, and the forms that add and change one."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circulo.agenda import actions, plans
from circulo.agenda.actions.mentioning import untold
from circulo.agenda.bookers import told_of
from circulo.agenda.forms import EntryForm, LineForm, initial_of
from circulo.agenda.matters import links_of, matters
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import may_do, party_link, people_of, reminders_of
from circulo.agenda.selectors.free import coming_of, one_of
from circulo.agenda.times import start_in
from circulo.agenda.views.finding import find
from circulo.agenda.words import left_out_in_words, repetition_in_words, tomorrow
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.records.actions.once import make_once
from circulo.records.undo_links import undo_url
from circulo.timeline.hearing import of_mentions
from circulo.web import Request, page, swap, toast
from circulo.web.asking import words

MORNING = clock(10)


@require_GET
@login_required
def show(request: Request, identifier: str, name: str) -> HttpResponse:
    """A task or an appointment, whole; or one time of it, where the address names that."""
    entry = find(request, identifier, name)
    asked = request.GET.get("instance", "").replace("\0", "")
    if asked and entry.repeats and start_in(entry, asked) is None:
        apart = entry.instances.visible_to(request.user).filter(instance=asked).first()
        if apart is not None:
            return redirect(apart)
    return page(request, "agenda/entry.html", **_context(request, entry, asked))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request, name: str) -> HttpResponse:
    """Add a task or an appointment."""
    if not request.user.may("tasks", "create"):
        raise PermissionDenied
    is_appointment = name == "appointments"
    begin = _beginning(request, is_appointment)
    form = EntryForm(request.user, is_appointment, request.POST or None, initial=begin)
    if request.method == "GET":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        entry = _added(request, form)
    except Invalid as invalid:
        form.refuse(invalid)
        return _form(request, form, status=422)
    toast(request, _("Added: %s.") % entry.title, undo=undo_url())
    _say_what_else(request, entry)
    return swap(request, "web/_notice.html", otherwise=entry.get_absolute_url(), text=entry.title)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, identifier: str, name: str) -> HttpResponse:
    """Change a task or an appointment; of a series only the time that the address names."""
    entry = find(request, identifier, name, "edit")
    one = one_of(entry, request.GET.get("instance", ""))
    form = EntryForm(
        request.user, entry.is_appointment, request.POST or None, entry=entry, one=one,
        initial=initial_of(entry, request.user, one),
    )  # fmt: skip
    if request.method == "GET":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        entry = _save(request, entry, form)
    except Invalid as invalid:
        form.refuse(invalid)
        return _form(request, form, status=422)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal.message))
        return _form(request, form, status=409)
    toast(request, _("Saved."), undo=undo_url())
    if {"notes", "repeat", "day"} & set(form.changed_data):
        _say_what_else(request, Entry.objects.visible_to(request.user).get(pk=entry.pk))
    return swap(request, "web/_notice.html", otherwise=entry.get_absolute_url(), text=_("Saved."))


@require_GET
@login_required
def belonging(request: Request) -> HttpResponse:
    """What an entry can belong to, to choose from as somebody types the title of one."""
    asked = [one for one in matters() if one.name in request.GET and one.may(request.user, "edit")]
    found = [choice for one in asked for choice in one.offered(
        request.user, words(request.GET, one.name))]  # fmt: skip
    return page(request, "agenda/_offered.html", found=found)


@require_POST
@login_required
def add_line(request: Request) -> HttpResponse:
    """Add a task in one line, from a party's page or from Today."""
    if not request.user.may("tasks", "create"):
        raise PermissionDenied
    party = _party(request, request.POST.get("party", ""))
    back = party.get_absolute_url() if party else reverse("desk:today")
    form = LineForm(request.POST)
    text = str(next(iter(form.errors.values()))[0]) if not form.is_valid() else ""
    if not text:
        try:
            plan = plans.read(form.said(party), is_appointment=False, by=request.user)
            entry = _made(request, plan)
            toast(request, _("Added: %s.") % entry.title, undo=undo_url())
        except Invalid as invalid:
            text = str(next(iter(invalid.fields.values())))
    if text:
        toast(request, text, tone="bad")
    if not request.htmx:
        return swap(request, "", otherwise=back)
    return page(
        request,
        "agenda/_line.html",
        status=422 if text else 200,
        party_id=party.public_id if party else "",
        day=request.POST.get("day", "") if text else tomorrow(),
        title=request.POST.get("title", "") if text else "",
        again=True,
    )


def _say_what_else(request: Request, entry: Entry) -> None:
    """Which times of a series there are not, and who of those named was told nothing."""
    if left_out := left_out_in_words(entry):
        toast(request, f"{left_out}.")
    for text in of_mentions(entry.notes, untold(entry), is_private=entry.is_private):
        toast(request, text, tone="bad")


def _party(request: Request, identifier: str) -> Party | None:
    key = ids.decode("party", identifier) if identifier else None
    return get_object_or_404(Party.objects.visible_to(request.user), pk=key) if key else None


def _added(request: Request, form: EntryForm) -> Entry:
    plan = plans.read(form.said(), is_appointment=form.is_appointment, by=request.user)
    return _made(request, plan)


def _made(request: Request, plan: plans.Plan) -> Entry:
    """The entry of a plan, once however often its form is sent."""
    key = make_once(
        request.POST.get("once", ""),
        lambda: actions.add_entry(plan, by=request.user).pk,
        by=request.user,
    )
    return get_object_or_404(Entry.objects.visible_to(request.user), pk=key)


def _save(request: Request, entry: Entry, form: EntryForm) -> Entry:
    """Write only what was changed, so that nothing of what a form cannot show is lost."""
    changed = set(form.changed_data)
    said = {name: value for name, value in form.said().items() if name in _concerned(changed)}
    if not said:
        return entry
    plan = plans.read(said, is_appointment=entry.is_appointment, by=request.user, entry=entry)
    if form.one is not None:
        return actions.change_occurrence(entry, form.one.instance, plan, by=request.user)
    return actions.change_entry(entry, plan, by=request.user)


_DATES = ("due_at", "due_on", "starts_at", "starts_on", "ends_at", "ends_on")
_CONCERNED: dict[str, tuple[str, ...]] = {
    "day": _DATES, "time": _DATES, "end_day": _DATES, "end_time": _DATES, "other": ("parties",),
    "people": ("participants",), "remind": ("reminders",), "until": ("repeat",),
}  # fmt: skip


def _concerned(changed: set[str]) -> set[str]:
    return {name for field in changed for name in _CONCERNED.get(field, (field,))}


def _beginning(request: Request, is_appointment: bool) -> dict[str, Any]:
    """What the address says of the new entry: with whom, on which day, at what time."""
    asked = request.GET
    party = _party(request, asked.get("party", ""))
    begin: dict[str, Any] = {
        "owner": request.user.opaque,
        "priority": "normal",
        "title": asked.get("title", "")[:300],
        "other": party.name if party else "",
    }
    for one in matters():
        if asked.get(one.name) and one.may(request.user, "edit"):
            found = one.called(request.user, asked[one.name])
            begin |= {one.name: found[0].title, f"{one.name}_id": found[0].id} if found else {}
    try:
        day, at = parse_date(asked.get("day", "")[:10]), parse_time(asked.get("time", "")[:5])
    except ValueError:
        day = at = None
    if is_appointment:
        soon = timezone.localtime() + timedelta(hours=1)
        day = day or soon.date()
        at = at or (clock(soon.hour) if day == soon.date() else MORNING)
        begin["end_time"] = (datetime.combine(day, at) + timedelta(hours=1)).time()
    return begin | {"day": day, "time": at}


def _form(request: Request, form: EntryForm, *, status: int = 200) -> HttpResponse:
    entry = form.entry
    party = party_link(entry) if entry else None
    named = request.POST.get("other_id") or (party or {}).get("id") or request.GET.get("party", "")
    return page(request, "agenda/form.html", status=status, form=form, entry=entry,
                one=form.one, other_id=named, is_appointment=form.is_appointment)  # fmt: skip


def _context(request: Request, entry: Entry, asked: str) -> dict[str, Any]:
    people = people_of(entry, request.user)
    mine = next((one for one in people if one.id == request.user.opaque), None)
    return {
        "entry": entry,
        "party": party_link(entry),
        "links": links_of(entry),
        "people": [one for one in people if one.id != (party_link(entry) or {}).get("id")],
        "mine": mine,
        "reminders": reminders_of(entry),
        "repetition": repetition_in_words(entry),
        "one": one_of(entry, asked),
        "coming": coming_of(entry, asked) if entry.repeats else [],
        "series": Entry.objects.visible_to(request.user).filter(pk=entry.series_id).first()
        if entry.series_id
        else None,
        "waits_for": Entry.objects.visible_to(request.user).filter(holds_up=entry),
        "holds_up": Entry.objects.visible_to(request.user).filter(waits_for=entry),
        "may_edit": may_do(request.user, entry, "edit"),
        **told_of(request.user, entry),
    }
