"""The calendar: what happens to whom in a stretch of days, read in two statements.

SQL narrows to what may happen then, by the stored span of every entry and series; only what is left
is expanded here. Of what a person may not see there is a time and nothing else: titles of others
do not even leave the database.

A month of a team has more than a thousand items of which two hundred are drawn. Their times are
therefore seconds since 1970, which compare and fall on days at a tenth of the cost of moments;
a moment is made of them when an item is drawn.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from circulo.accounts import prepared
from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.agenda.models import Entry, Participant, seen_by
from circulo.agenda.times import Dates, instance_of, occurrences
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.lib.lookups import has_any_key
from circulo.lib.recurrence import midnight, placed
from circulo.lib.slots import array

VIEWS = ("day", "week", "month", "team")
DAY, MOST_PEOPLE = timedelta(days=1), 60
_COLUMNS = (
    "pk", "title", "kind", "is_appointment", "state", "owner_id", "starts_at", "ends_at", "rule",
    "more_dates", "less_dates", "starts_on", "ends_on", "time_zone",
    "series_id", "instance",
)  # fmt: skip
_DATES = slice(_COLUMNS.index("starts_at"), _COLUMNS.index("series_id"))


_FIRST, _LAST, _TAKEN = (f"stand-in-for-the-{what}" for what in ("first", "last", "taken"))
_THEN = RawSQL("tstzrange(%s::timestamptz, %s::timestamptz)", [_FIRST, _LAST])


class Item(NamedTuple):
    """Something on one or more days of the calendar, between two moments in seconds since 1970.

    `days` are those that it takes whole; `clock` is which one it is of what repeats, and `origin`
    which one it was before it went its own way.
    """

    key: int
    title: str
    kind: str
    is_appointment: bool
    is_seen: bool
    is_open: bool
    is_mine: bool
    begins: float
    ends: float
    zone: ZoneInfo
    days: tuple[date, date] | None
    clock: datetime | None
    people: tuple[int, ...]
    origin: tuple[int | None, str] = (None, "")

    @property
    def start(self) -> datetime:
        return datetime.fromtimestamp(self.begins, self.zone)

    @property
    def end(self) -> datetime:
        return datetime.fromtimestamp(self.ends, self.zone)

    @property
    def instance(self) -> str:
        """The name of the one that it is of a series, where the person may know it."""
        return instance_of(self.clock) if self.clock and self.is_seen else ""

    @property
    def mark(self) -> str:
        """What it is known by before and after it is moved: of a series by which one it was."""
        series, instance = self.origin if self.is_seen else (None, "")
        return f"{ids.encode('entry', series) if series else self.id}-{instance or self.instance}"

    @property
    def id(self) -> str:
        """Its identifier, where the person may know it."""
        return ids.encode("entry", self.key) if self.is_seen else ""

    @property
    def url(self) -> str:
        place = "appointments" if self.is_appointment else "tasks"
        more = f"?instance={self.instance}" if self.instance else ""
        return f"/{place}/{self.id}{more}"


@dataclass(frozen=True)
class Period:
    """The days that a view shows: those of the grid, and the one that was asked for."""

    view: str
    day: date
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + DAY * n for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        if self.view == "month":
            return (self.day.replace(day=1) - DAY).replace(day=1)
        return self.day - (DAY if self.view == "day" else DAY * 7)

    @property
    def after(self) -> date:
        if self.view == "month":
            return (self.day.replace(day=1) + DAY * 32).replace(day=1)
        return self.day + (DAY if self.view == "day" else DAY * 7)


@dataclass(frozen=True)
class Calendar:
    """What a view shows: its days, the people, and the items of each day, or the first of them."""

    period: Period
    people: list[User]
    by_day: dict[date, list[Item]]
    counts: dict[date, int]

    def of(self, day: date) -> list[Item]:
        """What is on a day, whole days first."""
        return self.by_day.get(day, [])


# From when to when something happens, on which days, and which one it is of what repeats.
_Times = tuple[float, float, tuple[date, date] | None, datetime | None]
# One of a day in the order of the day, whole days first; by its key the rest is never compared.
_Placed = tuple[bool, float, str, int, _Times, tuple[Any, ...]]


def period_of(view: str, day: date, locale: fmt.Locale) -> Period:
    """The days of a view around a day, in weeks as the region counts them."""
    if view == "day":
        return Period(view, day, day, day)
    if view == "month":
        first, _last = locale.week_of(day.replace(day=1))
        end = (day.replace(day=1) + DAY * 32).replace(day=1) - DAY
        return Period(view, day, first, locale.week_of(end)[1])
    return Period(view, day, *locale.week_of(day))


def people_shown(user: User, who: str) -> list[User]:
    """Whose calendar is asked for, with their names: one's own, the team's, or a colleague's."""
    everybody = User.objects.filter(is_active=True).only("name")
    if who == "team":
        keys = _team_of(user)
        return list(everybody.filter(pk__in=keys).order_by(*BY_NAME)[:MOST_PEOPLE])
    key = ids.decode("user", who) if who else None
    found = everybody.filter(pk=key).first() if key else None
    return [found or user]


def _team_of(user: User) -> list[int]:
    """The people of one's reach; of all, those of one's team and the teams below it."""
    if user.reach("tasks") == Reach.OWN:
        return [user.pk]
    return user.people_in_reach or [user.pk]


def calendar_of(
    user: User, people: Sequence[User], period: Period, zone: ZoneInfo, most: int | None = None
) -> Calendar:
    """What these people have on the days of a period, as far as this person may see it; of each day
    only the first so many, where a number is said."""
    days = period.days
    bounds = [placed(midnight(day), zone).timestamp() for day in (*days, period.last + DAY)]
    keys = [person.pk for person in people]
    first, last = (datetime.fromtimestamp(bounds[n], zone) for n in (0, -1))
    taking = _taking(keys, first, last)
    found: list[list[_Placed]] = [[] for _day in days]
    until = len(days) - 1
    for row in _rows(user, keys, [*taking], first, last):
        for times in _happens(row, bounds[0], bounds[-1], zone):
            begin, end = _stretch(times, period, bounds)
            one = (times[2] is None, times[0], row[1], row[0], times, row)
            for place in range(max(begin, 0), min(end, until) + 1):
                found[place].append(one)
    made = _Maker(user.pk, frozenset(keys), taking, zone)
    by_day = {}
    for day, those in zip(days, found, strict=True):
        those.sort()
        by_day[day] = [made.item(row, times) for *_order, times, row in those[:most]]
    counts = dict(zip(days, map(len, found), strict=True))
    return Calendar(period, list(people), by_day, counts)


def _stretch(times: _Times, period: Period, bounds: Sequence[float]) -> tuple[int, int]:
    """The first and the last day of a period on which something stands, by their numbers."""
    begins, ends, days, _clock = times
    if days:
        return (days[0] - period.first).days, (days[1] - period.first).days
    start = bisect_right(bounds, begins) - 1
    return start, start if ends <= begins else bisect_right(bounds, ends - 1) - 1


def _happens(row: tuple[Any, ...], begin: float, end: float, zone: ZoneInfo) -> Sequence[_Times]:
    """When of a row something happens between two moments, in seconds since 1970."""
    starts, stops, rule, more = row[_DATES.start : _DATES.start + 4]
    if starts is None or rule or more != "[]":
        return _times(row[_DATES], begin, end, zone)
    if starts < end and (stops is None or stops > begin or starts >= begin):
        return ((starts, starts if stops is None else stops, None, None),)
    return ()


@dataclass(frozen=True)
class _Maker:
    """Makes items of rows for one person who looks at some."""

    user: int
    shown: frozenset[int]
    taking: Mapping[int, Sequence[int | None]]
    zone: ZoneInfo

    def item(self, row: tuple[Any, ...], times: _Times) -> Item:
        """What happens at these times."""
        (key, title, kind, is_appointment, state, owner, *_dates, series, instance, is_seen) = row
        begins, ends, days, clock = times
        also = self.taking.get(key)
        people = (owner,) if also is None else tuple(self.shown & {owner, *also})
        return Item(
            key, title, kind if is_seen else "", is_appointment, is_seen, state == _OPEN,
            owner == self.user, begins, ends, self.zone, days, clock, people, (series, instance),
        )  # fmt: skip


@lru_cache(maxsize=4096)
def _times(dates: tuple[Any, ...], begin: float, end: float, zone: ZoneInfo) -> list[_Times]:
    """When something happens between two moments: from when to when, on which days, and which of
    what repeats. The same weeks are looked at over and over, and rarely does a series change."""
    starts, stops, rule, more, less, *rest = dates
    entry = Dates(_moment(starts, zone), _moment(stops, zone), rule, json.loads(more),
                  json.loads(less), *rest)  # fmt: skip
    first, last = (datetime.fromtimestamp(seconds, zone) for seconds in (begin, end))
    return [
        (one.start.timestamp(), one.end.timestamp(), one.days, one.clock if entry.repeats else None)
        for one in occurrences(entry, first, last, zone)
    ]


_OPEN = Entry.State.OPEN


def _taking(
    people: Sequence[int], first: datetime, last: datetime
) -> Mapping[int, Sequence[int | None]]:
    """Who of these people takes part in what may happen then, unless they said they do not come."""
    found: dict[int, list[int | None]] = {}
    asked = prepared.once("who takes part", _taken)
    then = {prepared.KEYS: array(people), _FIRST: first, _LAST: last}
    for entry, user in asked.run_anew(then):
        found.setdefault(entry, []).append(user)
    return found


def _taken() -> QuerySet[Participant, Any]:
    rows = Participant.objects.filter(
        has_any_key(prepared.KEYS, "user"), entry__span__overlap=_THEN
    )
    return rows.exclude(answer="no").values_list("entry_id", "user_id")


def _rows(
    user: User, people: Sequence[int], taken: Sequence[int], first: datetime, last: datetime
) -> list[tuple[Any, ...]]:
    """The rows of what may happen then to these people or among what they take part in, without
    the titles that this person may not see."""
    asked = prepared.statement("calendar", user, ("tasks",), _happening)
    then = {prepared.KEYS: array(people), _TAKEN: array(taken), _FIRST: first, _LAST: last}
    return asked.run_anew(then, user)


def _happening(user: User) -> QuerySet[Entry, Any]:
    seen = ExpressionWrapper(seen_by(user), output_field=BooleanField())
    rows = Entry.objects.filter(span__overlap=_THEN).exclude(state=Entry.State.DROPPED)
    rows = rows.filter(Q(has_any_key(prepared.KEYS, "owner")) | Q(has_any_key(_TAKEN)))
    apart: dict[str, Any] = {
        "title": Case(When(is_seen=True, then="title"), default=Value("")),
        "starts_at": _Seconds("starts_at"),
        "ends_at": _Seconds("ends_at"),
        "more_dates": Cast("more_dates", TextField()),
        "less_dates": Cast("less_dates", TextField()),
    }
    columns = [apart.get(name, name) for name in _COLUMNS]
    found = rows.annotate(is_seen=seen).filter(Q(is_seen=True) | _takes_time())
    return found.values_list(*columns, "is_seen")


class _Seconds(Func):
    """A moment as seconds since 1970: a number is read ten times as fast as a moment in words."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


def _moment(seconds: float | None, zone: ZoneInfo) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone)


def _takes_time() -> Q:
    """What is shown to everybody as time that is taken."""
    return Q(is_appointment=True, is_busy=True, state=Entry.State.OPEN)
