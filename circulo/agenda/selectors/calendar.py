"""The calendar: what happens to whom in a stretch of days, read in one statement.

SQL narrows to what may happen then, by the stored span of every entry and series; only what is left
is expanded here. Of what a person may not see there is a time and nothing else: titles of others
do not even leave the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    FloatField,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.agenda.models import Entry, Participant, seen_by
from circulo.agenda.times import Dates, occurrences
from circulo.lib import format as fmt
from circulo.lib import ids
from circulo.lib.recurrence import placed

VIEWS = ("day", "week", "month", "team")
DAY, _MOMENT, MOST_DAYS = timedelta(days=1), timedelta(seconds=1), 62
MOST_PEOPLE = 60
_COLUMNS = (
    "pk", "title", "kind", "is_appointment", "state", "owner_id", "starts_at", "ends_at", "rule",
    "more_dates", "less_dates", "starts_on", "ends_on", "time_zone",
)  # fmt: skip


class Item(NamedTuple):
    """Something on one or more days of the calendar."""

    key: int
    title: str
    kind: str
    is_appointment: bool
    is_seen: bool
    is_open: bool
    is_mine: bool
    start: datetime
    end: datetime
    days: tuple[date, date] | None
    instance: str
    people: tuple[int, ...]

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
    """What a view shows: its days, the people, and the items of each day."""

    period: Period
    people: list[User]
    by_day: dict[date, list[Item]] = field(default_factory=dict)

    def of(self, day: date) -> list[Item]:
        """What is on a day, whole days first."""
        return self.by_day.get(day, [])


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


def calendar_of(user: User, people: Sequence[User], period: Period, zone: ZoneInfo) -> Calendar:
    """What these people have on the days of a period, as far as this person may see it."""
    first = placed(datetime.combine(period.first, time.min), zone)
    last = placed(datetime.combine(period.last + DAY, time.min), zone)
    calendar = Calendar(period, list(people))
    shown = {one.pk for one in people}
    for item in items_between(user, sorted(shown), first, last, zone):
        for day in _days(item, zone):
            if period.first <= day <= period.last:
                calendar.by_day.setdefault(day, []).append(item)
    for items in calendar.by_day.values():
        items.sort(key=lambda item: (item.days is None, item.start, item.title))
    return calendar


def items_between(
    user: User, people: Sequence[int], first: datetime, last: datetime, zone: ZoneInfo
) -> Iterator[Item]:
    """Everything that these people have between two moments."""
    shown = frozenset(people)
    for row in _rows(user, people, first, last):
        (key, title, kind, is_appointment, state, owner, start, end, rule, more,
         *rest, is_seen, taking) = row  # fmt: skip
        kind = kind if is_seen else ""
        is_open, is_mine = state == _OPEN, owner == user.pk
        who = (owner,) if not taking else tuple(shown.intersection((owner, *taking)))
        start, end = _moment(start, zone), _moment(end, zone)
        if start is not None and not rule and more == "[]":
            if start < last and (end is None or end > first or start >= first):
                yield Item(key, title, kind, is_appointment, is_seen, is_open, is_mine,
                           start, end or start, None, "", who)  # fmt: skip
            continue
        entry = Dates(start, end, rule, json.loads(more), json.loads(rest[0]), *rest[1:])
        for one in occurrences(entry, first, last, zone):
            instance = one.instance if entry.repeats and is_seen else ""
            yield Item(key, title, kind, is_appointment, is_seen, is_open, is_mine,
                       one.start, one.end, one.days, instance, who)  # fmt: skip


_OPEN = Entry.State.OPEN


def _rows(
    user: User, people: Sequence[int], first: datetime, last: datetime
) -> Iterator[tuple[Any, ...]]:
    """The rows of what may happen then, without the titles that this person may not see."""
    seen = ExpressionWrapper(seen_by(user), output_field=BooleanField())
    taking = Participant.objects.filter(entry=OuterRef("pk"), user__in=people).exclude(answer="no")
    rows = Entry.objects.within(first, last).exclude(state=Entry.State.DROPPED)
    rows = rows.filter(Q(owner__in=people) | Q(Exists(taking)))
    title = Case(When(is_seen=True, then="title"), default=Value(""))
    apart: dict[str, Any] = {
        "title": title,
        "starts_at": _Seconds("starts_at"),
        "ends_at": _Seconds("ends_at"),
        "more_dates": Cast("more_dates", TextField()),
        "less_dates": Cast("less_dates", TextField()),
    }
    columns = [apart.get(name, name) for name in _COLUMNS]
    found = rows.annotate(is_seen=seen).filter(Q(is_seen=True) | _takes_time())
    yield from found.values_list(*columns, "is_seen", ArraySubquery(taking.values("user_id")))


class _Seconds(Func):
    """A moment as seconds since 1970: a number is read ten times as fast as a moment in words."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


def _moment(seconds: float | None, zone: ZoneInfo) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone)


def _takes_time() -> Q:
    """What is shown to everybody as time that is taken."""
    return Q(is_appointment=True, is_busy=True, state=Entry.State.OPEN)


def _days(item: Item, zone: ZoneInfo) -> Sequence[date]:
    """The days on which an item stands, in the zone of who looks."""
    if item.days:
        first, last = item.days
    else:
        first = item.start.astimezone(zone).date()
        if item.end <= item.start:
            return (first,)
        last = (item.end - _MOMENT).astimezone(zone).date()
    if first == last:
        return (first,)
    return [first + DAY * number for number in range(min((last - first).days, MOST_DAYS) + 1)]
