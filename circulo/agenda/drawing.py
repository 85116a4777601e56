"""How a calendar is drawn: its days and items as HTML, put together here and not by a template.

A month of a team has hundreds of items; a template for each would take ten times as long. Every
text of a person goes through `escape`. Where an item stands in a day is said by classes (`f18 l3`:
from half past eight on, for an hour and a half), since no answer of ours carries styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.agenda.kinds import LOOKS
from circulo.agenda.selectors.calendar import Calendar, Item
from circulo.lib import format as fmt
from circulo.web.components.marks import icon

IN_A_DAY, IN_A_CELL = 4, 3
SLOTS, WORKING = 48, (14, 42)
_ITEM = (
    '<li class="{classes}"{move}>{open}{mark}<time datetime="{iso}">{clock}</time> '
    "<span>{title}</span>{close}</li>"
)


def draw(calendar: Calendar, user: User, locale: fmt.Locale) -> SafeString:
    """The grid of a view."""
    pen = _Pen(calendar, user, locale)
    drawn = {"month": pen.month, "team": pen.team}.get(calendar.period.view, pen.days)()
    return mark_safe(drawn)


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a choice among some hundred colleagues."""
    drawn = (
        f'<option value="{key}"{" selected" * (key == chosen)}>{escape(name)}</option>'
        for key, name in choices
    )
    return mark_safe("".join(drawn))


class _Pen:
    """Draws one calendar for one person."""

    def __init__(self, calendar: Calendar, user: User, locale: fmt.Locale) -> None:
        self.calendar, self.user, self.locale = calendar, user, locale
        self.period, self.today = calendar.period, locale.today()
        self.busy = escape(_("Busy"))
        self.names = {one.pk: one for one in calendar.people}
        self.is_shared = len(calendar.people) > 1
        self.named: set[str] = set()

    def month(self) -> str:
        days = self.period.days
        heads = "".join(f"<li>{escape(self._weekday(day)[:3])}</li>" for day in days[:7])
        cells = "".join(self._cell(day) for day in days)
        return f'<ol class="weekdays" aria-hidden="true">{heads}</ol><ol class="month">{cells}</ol>'

    def days(self) -> str:
        """A day, or the days of a week, each with its hours."""
        first, last = self._used()
        clock = "".join(
            f'<li class="f{2 * hour}">{hour}:00</li>' for hour in range(first // 2 + 1, last // 2)
        )
        drawn = "".join(self._hours(day) for day in self.period.days)
        many = "week" if len(self.period.days) > 1 else "one"
        folded = f"{' late' * (first > 0)}{' early' * (last < SLOTS)}"
        hours = f'<ol class="clock" aria-hidden="true">{clock}</ol>'
        return (
            f'<div class="hours {many}{folded}" data-first="{first}" data-last="{last}">'
            f"{hours}{drawn}</div>"
        )

    def _used(self) -> tuple[int, int]:
        """The half hours that are shown: of the night only where something happens in it."""
        first, last = WORKING
        for day in self.period.days:
            for item in self.calendar.of(day):
                if item.days is None:
                    first = 0 if self._half_hours(item.start, day) < first else first
                    last = SLOTS if self._half_hours(item.end, day) > last else last
        return first, last

    def team(self) -> str:
        """A row for each colleague, a column for each day."""
        heads = "".join(
            f'<th scope="col"{self._now(day)}>{self._day_link(day)}</th>'
            for day in self.period.days
        )
        rows = "".join(self._row(one) for one in self.calendar.people)
        who = escape(_("Who"))
        return (
            f'<div class="wide"><table class="team"><thead><tr><th scope="col">{who}</th>{heads}'
            f"</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _row(self, person: User) -> str:
        cells = "".join(
            f'<td data-day="{day}" data-label="{self._short(day)}">'
            f"{self._items(self._of(person, day), day, 6)}</td>"
            for day in self.period.days
        )
        link = self._address(view="week", who=person.opaque)
        return f'<tr><th scope="row"><a href="{link}">{escape(person.name)}</a></th>{cells}</tr>'

    def _of(self, person: User, day: date) -> list[Item]:
        return [item for item in self.calendar.of(day) if person.pk in item.people]

    def _cell(self, day: date) -> str:
        items, count = self.calendar.of(day), self.calendar.counts.get(day, 0)
        outside = " outside" if day.month != self.period.day.month else ""
        empty = "" if items else " nothing"
        drawn = self._items(items, day, IN_A_DAY, count)
        return (
            f'<li class="cell{outside}{empty}" data-day="{day}"{self._now(day)}>'
            f"{self._day_link(day)}{drawn}</li>"
        )

    def _hours(self, day: date) -> str:
        """A day with its hours: what takes the whole of it stands above."""
        whole: list[Item] = []
        timed: list[Item] = []
        for item in self.calendar.of(day):
            (timed if item.days is None else whole).append(item)
        slots = "".join(self._item(item, day, self._slots(item, day)) for item in timed)
        empty = "" if whole or timed else " nothing"
        return (
            f'<section class="column{empty}" data-day="{day}"{self._now(day)}>'
            f"<h2>{self._day_link(day)}</h2>{self._items(whole, day, 20)}"
            f'<ol class="slots" data-slots>{slots}</ol></section>'
        )

    def _slots(self, item: Item, day: date) -> str:
        """From which half hour on, and for how many of them."""
        start, end = (self._half_hours(moment, day) for moment in (item.start, item.end))
        start = min(max(int(start), 0), SLOTS - 1)
        length = max(1, min(round(end + 0.49), SLOTS) - start)
        return f"f{start} l{length}"

    def _half_hours(self, moment: datetime, day: date) -> float:
        local = moment.astimezone(self.locale.zone)
        return (local.date() - day).days * SLOTS + local.hour * 2 + local.minute / 30

    def _items(self, items: Sequence[Item], day: date, most: int, count: int = 0) -> str:
        """The first of the items of a day, and how many more there are: of `count` of them, where
        not all were read."""
        if not items:
            return ""
        count = count or len(items)
        shown = items if count <= most + 1 else items[:most]
        drawn = "".join(self._item(item, day) for item in shown)
        rest = count - len(shown)
        if rest:
            text = escape(ngettext("%d more", "%d more", rest) % rest)
            drawn += (
                f'<li class="rest"><a href="{self._address(view="day", day=day)}">{text}</a></li>'
            )
        return f'<ol class="items">{drawn}</ol>'

    def _item(self, item: Item, day: date, more: str = "") -> str:
        start = item.start
        return _ITEM.format(
            classes=f"item {self._tone(item)} {more}".rstrip(),
            move=self._movable(item, start),
            open=f'<a{self._name(item)} href="{item.url}">' if item.is_seen else "<span>",
            close="</a>" if item.is_seen else "</span>",
            mark=icon(LOOKS[item.kind].icon, 12) if item.is_seen else "",
            iso=start.isoformat(),
            clock="" if item.days else self.locale.time(start),
            title=self._title(item),
        )

    def _name(self, item: Item) -> str:
        """By which the page knows it again, and keeps the focus on it, when the calendar is drawn
        anew; on the first of several days, and in the first of several rows.
        """
        name = f"at-{item.mark}"
        if name in self.named:
            return ""
        self.named.add(name)
        return f' id="{name}"'

    def _title(self, item: Item) -> str:
        title = escape(item.title) if item.is_seen else self.busy
        if self.is_shared and self.period.view != "team" and item.people:
            names = ", ".join(self.names[key].name.split()[0] for key in item.people[:3])
            return f"{title} <small>{escape(names)}</small>"
        return title

    def _tone(self, item: Item) -> str:
        if not item.is_seen:
            return "busy"
        kind = "meets" if item.is_appointment else "todo"
        return kind if item.is_open or item.is_appointment else f"{kind} over"

    def _movable(self, item: Item, start: datetime) -> str:
        if not (item.is_seen and item.is_open and item.is_mine):
            return ""
        local = start.astimezone(self.locale.zone)
        clock = "" if item.days else f"{local:%H:%M}"
        return (
            f' draggable="true" data-move="/appointments/{item.id}/move" data-at="{clock}"'
            f' data-from="{local:%Y-%m-%d}" data-instance="{item.instance}"'
        )

    def _short(self, day: date) -> str:
        return escape(f"{self._weekday(day)[:3]} {day.day}")

    def _now(self, day: date) -> str:
        return ' aria-current="date"' if day == self.today else ""

    def _weekday(self, day: date) -> str:
        return self.locale.weekday(day)

    def _day_link(self, day: date) -> str:
        rest = escape(f", {self.locale.month(day)}")
        short = escape(self._weekday(day)[:3])
        link = self._address(view="day", day=day)
        shown = f'<i>{short}</i> <b>{day.day}</b><span class="unseen">{rest}</span>'
        return f'<a class="date" href="{link}">{shown}</a>'

    def _address(self, *, view: str, day: date | None = None, who: str = "") -> str:
        if not who and len(self.calendar.people) == 1:
            only = self.calendar.people[0]
            who = "" if only.pk == self.user.pk else only.opaque
        elif not who:
            who = "team"
        of = f"&amp;who={who}" if who else ""  # the word for the team, or an identifier
        return f"/calendar?view={view}&amp;day={day or self.period.day}{of}"
