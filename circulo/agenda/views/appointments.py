"""Moving an appointment, cancelling one of a series, parting one, answering, who is free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.agenda import actions, plans
from circulo.agenda.forms import MoveForm
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import colleagues
from circulo.agenda.selectors.free import taken_on
from circulo.agenda.views.finding import find
from circulo.agenda.words import when_in_words
from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast
from circulo.web.picked import PickedBoxes, named_among

MOST_PEOPLE = 20


@require_POST
@login_required
def move(request: Request, identifier: str) -> HttpResponse:
    """Have a task or an appointment begin at another time; the toast takes it back."""
    entry = find(request, identifier, act="edit")
    form = MoveForm(request.POST if "day" in request.POST else request.GET)
    if not form.is_valid():
        raise BadRequest(_("Say to which day it moves."))
    instance = form.cleaned_data["instance"]
    before = _now_at(entry)
    try:
        moved = actions.move_entry(entry, by=request.user, start=form.start(), instance=instance)
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
        return swap(request, "web/_notice.html", otherwise=entry.get_absolute_url(), text="")
    is_apart = instance and entry.repeats
    undo = undo_url() if is_apart else f"{request.path}?{urlencode(before)}"
    said = _("Moved: %(title)s, %(when)s.") % {"title": moved.title, "when": when_in_words(moved)}
    toast(request, said, undo=undo)
    return swap(request, "web/_notice.html", otherwise=moved.get_absolute_url(), text=said)


def _now_at(entry: Entry) -> dict[str, str]:
    """Where it stands now, as the form of a move says it."""
    if entry.starts_at is None:
        return {"day": str(entry.starts_on or timezone.localdate())}
    local = timezone.localtime(entry.starts_at)
    return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}


@require_POST
@login_required
def cancel_one(request: Request, identifier: str) -> HttpResponse:
    """Take one time out of a series."""
    entry = find(request, identifier, "appointments", "edit")
    try:
        actions.cancel_occurrence(entry, request.POST.get("instance", ""), by=request.user)
        toast(request, _("This one was cancelled; the others stay."), undo=undo_url())
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    return swap(request, "web/_notice.html", otherwise=entry.get_absolute_url(), text="")


@require_POST
@login_required
def part(request: Request, identifier: str) -> HttpResponse:
    """Have this time of a series and those after it go their own way, and show what they say."""
    entry = find(request, identifier, "appointments", "edit")
    try:
        made = actions.part_series(entry, request.POST.get("instance", ""), by=request.user)
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
        return swap(request, "web/_notice.html", otherwise=entry.get_absolute_url(), text="")
    if made != entry:
        toast(request, _("From here on it is a series of its own. Say what changes."))
    otherwise = f"{made.get_absolute_url()}/edit"
    return swap(request, "web/_notice.html", otherwise=otherwise, text="")


@require_POST
@login_required
def answer(request: Request, identifier: str) -> HttpResponse:
    """Say whether one comes."""
    entry = find(request, identifier, "appointments")
    try:
        actions.answer_invitation(entry, request.POST.get("answer", ""), by=request.user)
        toast(request, _("Your answer was noted."))
    except RuleBroken as refusal:
        toast(request, refusal.message, tone="bad")
    return swap(request, "web/_notice.html", otherwise=entry.get_absolute_url(), text="")


@require_GET
@login_required
def free(request: Request) -> HttpResponse:
    """When those who are to take part are taken on a day, while somebody picks a time."""
    asked = request.GET
    day = _day_of(asked.get("day", ""))
    named = [asked.get("owner", request.user.opaque), *_people_of(asked)[:MOST_PEOPLE]]
    keys = {ids.decode("user", one) for one in named}
    people = list(colleagues().filter(pk__in=[key for key in keys if key]))
    first = timezone.make_aware(datetime.combine(day, time.min))
    last = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    taken = taken_on(people, first, last)
    template = "agenda/_free.html" if request.htmx else "agenda/free.html"
    return page(request, template, taken=taken, day=day, back=reverse("agenda:new_appointment"))


def _people_of(asked: QueryDict) -> list[str]:
    """The colleagues who are ticked, and those whose names are typed as far as they are known."""
    said = PickedBoxes().value_from_datadict(asked, {}, "people")
    known = [(one.opaque, one.name) for one in colleagues()] if "people_typed" in asked else ()
    found = (named_among(text, known) or [text] for text in said)
    return [ones[0] for ones in found if len(ones) == 1]


def _day_of(text: str) -> date:
    """The day that was picked; today where it is none that anything can be planned on."""
    try:
        return plans.day(text) or timezone.localdate()
    except Invalid:
        return timezone.localdate()
