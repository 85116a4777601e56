"""What can be done to many tasks or appointments at once; on every other screen to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import User
from circulo.agenda import actions
from circulo.agenda.models import Entry
from circulo.agenda.selectors.entries import colleagues
from circulo.lib import format as one
from circulo.lib import ids
from circulo.lib.errors import Invalid, Text
from circulo.records.bulk import Act, offer

State = Entry.State


def _complete(keys: Sequence[int], value: str, user: User) -> int:
    return actions.complete_entries(keys, by=user, note=value)


def _postpone(keys: Sequence[int], value: str, user: User) -> int:
    return actions.postpone_entries(keys, to=day_of(value), by=user)


def _assign(keys: Sequence[int], value: str, user: User) -> int:
    to = colleagues().filter(pk=ids.decode("user", value) or 0).first()
    if to is None:
        raise Invalid({"value": _("Choose one of the list.")})
    return actions.assign_entries(keys, to=to, by=user)


def _drop(keys: Sequence[int], value: str, user: User) -> int:
    return actions.drop_entries(keys, by=user)


def _reopen(keys: Sequence[int], value: str, user: User) -> int:
    return actions.reopen_entries(keys, by=user)


def _open(keys: Sequence[int], value: str, user: User) -> list[int]:
    """Those that are still to happen."""
    found = _keys(keys, Q(state=State.OPEN))
    if keys and not found:
        raise Invalid({"value": _("These are all over: open them again first.")})
    return found


def _over(keys: Sequence[int], value: str, user: User) -> list[int]:
    found = _keys(keys, ~Q(state=State.OPEN))
    if keys and not found:
        raise Invalid({"value": _("These are all open.")})
    return found


def _ready(keys: Sequence[int], value: str, user: User) -> list[int]:
    """Those that can be done: they wait for nothing else, and are not a whole series of hours."""
    there = _open(keys, value, user)
    waited = Entry.objects.open().filter(holds_up=OuterRef("pk")).exclude(pk__in=there)
    series = Q(is_appointment=True) & (~Q(rule="") | ~Q(more_dates=[]))
    found = _keys(there, ~Q(Exists(waited)) & ~series)
    if there and not found:
        raise Invalid({"value": _("They wait for others, or repeat: do those first, or one time "
                                  "after the other.")})  # fmt: skip
    return found


def _keys(keys: Sequence[int], condition: Q) -> list[int]:
    rows = Entry.objects.filter(condition, pk__in=keys)
    return list(rows.order_by("pk").values_list("pk", flat=True))


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


def _days(_user: User) -> list[tuple[str, Text]]:
    names = {"today": _("Today"), "tomorrow": _("Tomorrow"), "monday": _("On Monday"),
             "week": _("In a week"), "month": _("In a month")}  # fmt: skip
    return [(name, f"{label} · {one.day(day_of(name), 'medium')}") for name, label in names.items()]


def _people(_user: User) -> list[tuple[str, Text]]:
    return [(user.opaque, user.name) for user in colleagues()]


offer(
    ("tasks", "appointments"),
    Act("complete", pgettext_lazy("act", "Done"), "check", "edit", _complete,
        lazy("Mark %s as done"), lazy("Done: %s."), fit=_ready, is_quick=True, order=10),
    Act("postpone", lazy("Postpone"), "calendar-arrow-up", "edit", _postpone,
        lazy("Postpone %s"), lazy("Postponed: %s."), lazy("To which day"), _days, fit=_open,
        other=lazy("Or another day"), order=20),
    Act("assign", lazy("Give to somebody"), "user-check", "edit", _assign,
        lazy("Give %s to somebody"), lazy("Given away: %s."), lazy("To whom"), _people, order=30),
    Act("reopen", lazy("Open again"), "rotate-ccw", "edit", _reopen, lazy("Open %s again"),
        lazy("Open again: %s."), fit=_over, is_quick=True, order=40),
    Act("drop", lazy("Drop"), "ban", "delete", _drop, lazy("Drop %s"), lazy("Dropped: %s."),
        fit=_open, tone="danger", order=90),
)  # fmt: skip
