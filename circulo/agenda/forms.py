"""The forms of tasks and appointments: the shape of what is typed, read further by `plans`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import BY_NAME, User
from circulo.agenda import repeats
from circulo.agenda.days import DayField, moment, why_never
from circulo.agenda.kinds import choices
from circulo.agenda.matters import Choice, Matter, links_of, matters
from circulo.agenda.models import Entry
from circulo.agenda.plans import MOST_NOTES, MOST_PLACE, MOST_TITLE
from circulo.agenda.selectors.entries import party_link, people_of, reminders_of
from circulo.agenda.times import Occurrence
from circulo.agenda.words import reminder_in_words
from circulo.lib.errors import Invalid
from circulo.lib.names import plain
from circulo.parties.models import Party
from circulo.parties.selectors import named_parties
from circulo.web.picked import PickedField

REMINDERS = {
    "": _("No reminder"),
    "0": _("When it is time"),
    "10": _("10 minutes before"),
    "30": _("Half an hour before"),
    "60": _("An hour before"),
    "120": _("Two hours before"),
    "1440": _("A day before"),
    "10080": _("A week before"),
}
MOST_OF_A_NIGHT = timedelta(hours=12)
_BEFORE = _("It ends before it begins: give the last day if it goes on past midnight.")
PLACES = {
    "due_at": "day", "due_on": "day", "starts_at": "day", "starts_on": "day", "ends_at": "end_time",
    "ends_on": "end_day", "party": "other", "parties": "other", "owner": "owner",
}  # fmt: skip


def _day(label: Any, *, required: bool = False) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=label, required=required, widget=widget)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, required=False, widget=widget)


class Named:
    """The field in which a form names what an entry belongs to, such as a deal."""

    def __init__(self, form: EntryForm, matter: Matter) -> None:
        self.form, self.matter = form, matter
        self.chosen: str | None = None
        self.alike: list[Choice] = []
        label: Any = matter.label
        field = forms.CharField(label=label, required=False, max_length=300)
        field.widget.attrs |= {
            "list": self.listed, "autocomplete": "off",
            "hx-get": "/tasks/belonging", "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{self.listed}", "hx-swap": "innerHTML",
        }  # fmt: skip
        form.fields[matter.name] = field

    @property
    def field(self) -> forms.BoundField:
        return self.form[self.matter.name]

    @property
    def listed(self) -> str:
        return f"known-{self.matter.name}"

    @property
    def id_name(self) -> str:
        """Where a form says which of several that share a title is meant."""
        return f"{self.matter.name}_id"

    @property
    def id(self) -> str:
        """The one that the form was drawn with."""
        return str(self.form.data.get(self.id_name) or self.form.initial.get(self.id_name) or "")

    def find(self, values: dict[str, Any]) -> None:
        """Find what was typed: the one of that title, which an identifier tells from others."""
        text = values.get(self.matter.name, "").strip()
        if not text:
            return
        found = self.matter.called(self.form.user, self.id) if self.id else []
        if not (len(found) == 1 and plain(found[0].title) == plain(text)):
            found = self.matter.called(self.form.user, text)
        if len(found) == 1:
            self.chosen = found[0].id
        elif self.form.entry is None or self.matter.name in self.form.changed_data:
            self.alike = found
            several = _("Several go by this name: choose one.")
            nothing = _("Nothing that you can change goes by this name.")
            self.form.add_error(self.matter.name, several if found else nothing)


class EntryForm(forms.Form):
    """A task or an appointment. Times are those of whoever types them."""

    title = forms.CharField(label=_("What"), max_length=MOST_TITLE, strip=True)
    kind = forms.ChoiceField(label=_("Kind"))
    day = _day(_("Day"))
    time = _time(_("Time"))
    end_time = _time(_("Until"))
    end_day = _day(_("Last day"))
    other = forms.CharField(label=_("With whom"), required=False, max_length=300)
    owner = forms.ChoiceField(label=_("Owner"))
    people = PickedField(label=_("Colleagues"), required=False)
    place = forms.CharField(label=_("Place"), required=False, max_length=MOST_PLACE)
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=[(level.name.lower(), level.label) for level in Entry.Priority],
    )
    remind = forms.ChoiceField(label=_("Reminder"), required=False)
    repeat = forms.ChoiceField(label=_("Repetition"), required=False)
    until = _day(_("Repeat until"))
    waits_for = PickedField(label=_("Waits for"), required=False)
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=MOST_NOTES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_private = forms.BooleanField(label=_("Only for me"), required=False)

    def __init__(
        self, user: User, is_appointment: bool, *args: Any, entry: Entry | None = None,
        one: Occurrence | None = None, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.user, self.is_appointment, self.entry, self.one = user, is_appointment, entry, one
        self.alike: list[Party] = []
        self.matters = [Named(self, one) for one in matters() if one.may(user, "edit")]
        self._choose()
        self.fields["other"].widget.attrs |= {
            "list": "others", "autocomplete": "off", "hx-get": "/parties/names",
            "hx-trigger": "input changed delay:200ms", "hx-target": "#others",
            "hx-swap": "innerHTML",
        }  # fmt: skip
        gone = ("waits_for",) if is_appointment else ("end_time", "end_day", "people")
        for name in (*gone, *(("repeat", "until") if one else ())):
            del self.fields[name]
        if is_appointment:
            self.fields["day"].required = True

    def _choose(self) -> None:
        """The choices that depend on who plans, and on what stands already."""
        users = [(one.opaque, one.name) for one in
                 User.objects.filter(is_active=True).order_by(*BY_NAME)]  # fmt: skip
        rings: dict[str, Any] = dict(REMINDERS)
        for minutes in reminders_of(self.entry) if self.entry else ():
            rings.setdefault(str(minutes), reminder_in_words(minutes))
        offered: dict[str, Any] = {
            "kind": choices(self.is_appointment).items(),
            "owner": users,
            "people": [pair for pair in users if pair[0] != self.user.opaque],
            "repeat": repeats.offered(self._rule_before()).items(),
            "remind": rings.items(),
            "waits_for": self._open_tasks(),
        }
        for name, pairs in offered.items():
            control = self.fields[name]
            assert isinstance(control, forms.ChoiceField)
            control.choices = list(pairs)

    def _open_tasks(self) -> list[tuple[str, str]]:
        """What a task can wait for: open tasks of one's own, and what it waits for already."""
        if self.is_appointment:
            return []
        rows = Entry.objects.visible_to(self.user).tasks().open().filter(owner=self.user)
        found = list(rows.order_by("falls_at", "pk")[:100])
        if self.entry is not None:
            found += list(self.entry.waits_for.all())
        others = {one.public_id: one.title for one in found if one != self.entry}
        return list(others.items())

    def _rule_before(self) -> str:
        return repeats.without_end(self.entry.rule) if self.entry else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("time") and not values.get("day") and "day" not in self.errors:
            self.add_error("day", _("Say on which day."))
        self._refuse_times(values)
        self._find_party(values)
        for one in self.matters:
            one.find(values)
        return values

    def _refuse_times(self, values: dict[str, Any]) -> None:
        """Times that no clock shows, and ends that come before what they end."""
        day, clock, until = values.get("day"), values.get("time"), values.get("until")
        if day is None:
            return
        if until and values.get("repeat") and until < day:
            self.add_error("until", _("The last day is before the first."))
        last, ends = values.get("end_day"), values.get("end_time")
        for name, on, at in (("time", day, clock), ("end_time", last or day, clock and ends)):
            if at and (never := why_never(on, at)):
                self.add_error(name, never)
        night = _night(clock, ends) if clock and ends and "end_day" in values else timedelta(0)
        if not last and night > MOST_OF_A_NIGHT:
            self.add_error("end_time", _BEFORE)

    def _find_party(self, values: dict[str, Any]) -> None:
        text = values.get("other", "").strip()
        if not text:
            values["party"] = None
            return
        before = self.data.get("other_id", "")
        found = named_parties(self.user, before) if before else []
        if not (len(found) == 1 and plain(str(found[0])) == plain(text)):
            found = named_parties(self.user, text)
        if len(found) == 1:
            values["party"] = found[0]
            return
        self.alike = found
        several = _("Several go by this name: choose one.")
        self.add_error("other", several if found else _("Nobody you can see goes by this name."))

    def said(self) -> dict[str, Any]:
        """What was typed, as the reader of plans takes it."""
        values = self.cleaned_data
        said: dict[str, Any] = {
            name: values[name]
            for name in ("title", "kind", "notes", "place", "priority", "is_private", "owner")
        }
        said |= self._dates(values)
        said |= {one.matter.name: one.chosen for one in self.matters}
        parties = self._parties(values["party"])
        if parties or self.entry:
            said["parties"] = parties
        said["reminders"] = [int(values["remind"])] if values["remind"] else []
        if "repeat" in self.fields:
            said["repeat"] = repeats.with_end(values["repeat"], values["until"])
        if self.is_appointment:
            said["participants"] = values["people"]
        else:
            said["waits_for"] = values["waits_for"]
        return said

    def _parties(self, party: Party | None) -> list[str]:
        """The one named here, and the others that stand there already."""
        before = people_of(self.entry, self.user) if self.entry else []
        first = party_link(self.entry) if self.entry else None
        others = [one.id for one in before if one.url and one.id != (first or {}).get("id")]
        named = [party.public_id] if party else []
        return [*named, *(key for key in others if key not in named)]

    def _dates(self, values: dict[str, Any]) -> dict[str, Any]:
        day, clock = values["day"], values["time"]
        if not self.is_appointment:
            at = moment(day, clock) if day and clock else None
            return {"due_at": at, "due_on": None if at else day}
        end_day = values["end_day"] or day
        if not clock:
            return {"starts_on": day, "ends_on": end_day, "starts_at": None, "ends_at": None}
        start = moment(day, clock)
        ends = values["end_time"]
        end = moment(end_day, ends) if ends else start + timedelta(hours=1)
        if ends and end <= start and not values["end_day"]:
            end += timedelta(days=1)
        return {"starts_at": start, "ends_at": end, "starts_on": None, "ends_on": None}

    def refuse(self, invalid: Invalid) -> None:
        """Say at the fields what the reader or the action refused."""
        for name, text in invalid.fields.items():
            place = PLACES.get(name, name)
            self.add_error(place if place in self.fields else None, str(text))


def initial_of(entry: Entry, user: User, one: Occurrence | None = None) -> dict[str, Any]:
    """What the form of an entry begins with, or that of one time of a series."""
    party = party_link(entry)
    minutes = reminders_of(entry)
    found: dict[str, Any] = {
        "title": entry.title, "kind": entry.kind, "notes": entry.notes, "place": entry.place,
        "priority": Entry.Priority(entry.priority).name.lower()
        if entry.priority in Entry.Priority.values else "normal",
        "is_private": entry.is_private, "owner": entry.owner.opaque,
        "other": party["name"] if party else "", "repeat": repeats.without_end(entry.rule),
        "remind": str(minutes[0]) if minutes else "", "until": repeats.end_of(entry.rule),
        "people": [one.id for one in people_of(entry, user) if one.id and not one.url],
        "waits_for": [one.public_id for one in entry.waits_for.all()],
    }  # fmt: skip
    for link in links_of(entry):
        found |= {link.matter.name: link.title, f"{link.matter.name}_id": link.id}
    return found | (_dates_at(one) if one else _dates_of(entry))


def _dates_of(entry: Entry) -> dict[str, Any]:
    if entry.starts_on:
        return {"day": entry.starts_on, "end_day": entry.ends_on}
    return _moments(entry.starts_at, entry.ends_at) if entry.starts_at else {}


def _dates_at(one: Occurrence) -> dict[str, Any]:
    if one.days:
        return {"day": one.days[0], "end_day": one.days[1]}
    return _moments(one.start, one.end)


def _moments(start: datetime, end: datetime | None) -> dict[str, Any]:
    start = timezone.localtime(start)
    found = {"day": start.date(), "time": start.time()}
    if end:
        end = timezone.localtime(end)
        found |= {"end_time": end.time(), "end_day": end.date()}
    return found


def _night(clock: time, ends: time) -> timedelta:
    """How long it takes over midnight; nothing where it ends on the day it begins."""
    length = datetime.combine(date.min, ends) - datetime.combine(date.min, clock)
    return timedelta(0) if length > timedelta(0) else length + timedelta(days=1)


class LineForm(forms.Form):
    """A task in one line: what, of which kind, for when."""

    title = forms.CharField(max_length=MOST_TITLE, strip=True)
    kind = forms.ChoiceField(choices=lambda: list(choices(False).items()), required=False)
    day = DayField(required=False)
    time = forms.TimeField(required=False)
    remind = forms.BooleanField(required=False)

    def said(self, party: Party | None) -> dict[str, Any]:
        """What was typed, as the reader of plans takes it; who is to be reminded is so when it is
        due, of a whole day in its morning.
        """
        values = self.cleaned_data
        day, clock = values["day"], values["time"]
        at = moment(day, clock) if day and clock else None
        return {
            "title": values["title"],
            "kind": values["kind"] or "todo",
            "due_at": at,
            "due_on": None if at else day,
            "party": party.public_id if party else None,
            "reminders": [0] if values["remind"] and day else [],
        }


class MoveForm(forms.Form):
    """When an appointment begins from now on."""

    day = DayField()
    time = forms.TimeField(required=False)
    instance = forms.CharField(required=False, max_length=25)

    def start(self) -> datetime | date:
        """The moment, or the whole day."""
        day: date = self.cleaned_data["day"]
        clock = self.cleaned_data["time"]
        return moment(day, clock) if clock else day
