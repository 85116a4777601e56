"""Calendars of other programs: what comes in goes out with the same meaning, or is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.conf import settings as house
from django.utils import translation

from circulo.agenda.ical import calendar_text
from circulo.agenda.models import Entry
from circulo.agenda.tests.files import load
from circulo.lib.errors import RuleBroken
from circulo.lib.readers.tests.reference import reference
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
FOLDER = "import/ics"
SAME = ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "URL", "RECURRENCE-ID", "STATUS")


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path
    with translation.override("en"):
        yield


def paths():
    try:
        return sorted(reference(FOLDER).glob("*.ics"))
    except pytest.skip.Exception:
        return [None]


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem if path else "none")
def test_a_real_calendar_comes_in_and_goes_out_with_the_same_meaning_or_is_refused(path):
    path = path or reference(FOLDER)
    user = make_user("admin", time_zone="Europe/Madrid")
    try:
        done = load(path, user)
    except RuleBroken as refused:
        assert str(refused.message)
        return

    assert done.state == "done" and done.rows_done == done.rows
    assert all(refusal.reason for refusal in done.refusals.all())
    entries = Entry.objects.filter(owner=user).order_by("pk")
    text = calendar_text(entries)
    out = components(text.encode())
    assert len(out) == len(entries)
    for known in components(path.read_bytes()):
        same = [one for one in out if marks(one) & marks(known)]
        for one in same[:1]:
            assert meaning(one) == meaning(known)
    if entries:
        again = brought_again(text, user)
        assert (again.created, again.updated, again.refused) == (0, 0, 0)


def brought_again(text, user):
    """What goes out comes in again without changing anything."""
    place = house.HOME / "again.ics"
    place.write_text(text, encoding="utf-8", newline="")
    return load(place, user)


def components(raw):
    """What an independent reader finds in a calendar, as far as it can read it."""
    try:
        found = icalendar.Calendar.from_ical(raw, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError):
        return []
    return [one for calendar in found for one in calendar.walk() if one.name in ("VEVENT", "VTODO")]


def marks(one):
    uid = str(one.get("UID", ""))
    return {(uid, str(instance(one)))} if uid else set()


def instance(one):
    known = one.get("RECURRENCE-ID")
    return at(known) if known is not None and hasattr(known, "dt") else ""


def at(value):
    """A point in time, wherever it is told."""
    when = getattr(value, "dt", value)
    if isinstance(when, datetime):
        if when.tzinfo is None:
            when = when.replace(tzinfo=ZoneInfo("Europe/Madrid"))
        return when.astimezone(UTC)
    return when


def meaning(one):
    """What a component says, in a form that two writings of it share."""
    said = {name: plain(one.get(name)) for name in SAME if plain(one.get(name))}
    start = moment(one, "DTSTART")
    said["start"] = start or moment(one, "DUE")
    said["end"] = ending(one)
    rule = one.get("RRULE")
    said["rule"] = rule_of(rule, start) if rule is not None and rule else None
    said["people"] = sorted(people(one))
    for name in ("RDATE", "EXDATE"):
        said[name] = dates(one, name, start)
    rings = (part.get("TRIGGER") for part in one.subcomponents if part.name == "VALARM")
    said["alarms"] = sorted(str(ring.to_ical()) for ring in rings if ring is not None)
    return said


def plain(value):
    if value is None:
        return ""
    if isinstance(value, list):
        return sorted(plain(one) for one in value)
    if hasattr(value, "cats"):
        return sorted(str(one) for one in value.cats)
    if hasattr(value, "dt"):
        return str(at(value))
    if str(value).upper() in ("CONFIRMED", "TENTATIVE", "CANCELLED", "COMPLETED"):
        return str(value).upper()
    return " ".join(str(value).split())


def moment(one, name):
    value = one.get(name)
    return at(value) if value is not None and hasattr(value, "dt") else None


def ending(one):
    start, end, length = moment(one, "DTSTART"), moment(one, "DTEND"), one.get("DURATION")
    try:
        length = getattr(length, "dt", None)
    except icalendar.error.BrokenCalendarProperty:
        length = None
    if one.name == "VTODO":
        due = moment(one, "DUE")
        return due or (start + length if length is not None and start else start)
    is_day = isinstance(start, date) and not isinstance(start, datetime)
    if end is not None and end != start:
        return end
    if end is None and length is not None and start is not None:
        return start + length
    return start + timedelta(1) if is_day else start


def rule_of(rule, start):
    if isinstance(rule, list):
        return "many"
    parts = {name: [str(getattr(one, "dt", one)).upper() for one in
                    (values if isinstance(values, list) else [values])]
             for name, values in rule.items()}  # fmt: skip
    if "UNTIL" in parts:
        until = rule["UNTIL"]
        until = until[0] if isinstance(until, list) else until
        parts["UNTIL"] = [str(at(until))[:10]]
    parts.pop("INTERVAL", None) if parts.get("INTERVAL") == ["1"] else None
    return {name: sorted(values) for name, values in parts.items()}


def people(one):
    value = one.get("ATTENDEE", [])
    return {str(each).lower() for each in (value if isinstance(value, list) else [value])}


def dates(one, name, start):
    value = one.get(name)
    found = set()
    for each in value if isinstance(value, list) else [value] if value is not None else []:
        for each_one in getattr(each, "dts", ()):
            when = each_one.dt[0] if isinstance(each_one.dt, tuple) else each_one.dt
            found.add(str(at(when)))
    return sorted(found - {str(start)})
