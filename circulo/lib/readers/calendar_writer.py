"""iCalendar as text: components, their lines folded and escaped, and the zones that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from circulo.lib.readers.calendars import Part

WIDTH = 75
_TEXT = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
_PARAMETER = str.maketrans({"^": "^^", "\n": "^n", '"': "^'", "\r": ""})
_UTC = {"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Zulu"}


@dataclass
class Component:
    """A part of a calendar: its lines, and the parts inside of it."""

    name: str
    lines: list[str] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)
    moments: list[tuple[str, datetime]] = field(default_factory=list)

    def put(self, name: str, value: str, **parameters: str) -> None:
        """A line whose value is written as it is."""
        self.line(name, {key: [said] for key, said in parameters.items() if said}, value)

    def line(self, name: str, parameters: dict[str, list[str]], value: str) -> None:
        """A line with parameters of several values."""
        said = "".join(
            f";{key}={','.join(_quoted(one) for one in values)}"
            for key, values in parameters.items()
        )
        self.lines.append(f"{name}{said}:{value}")

    def text(self, name: str, value: str) -> None:
        """A line of text; none where there is no text."""
        if value:
            self.put(name, escaped(value))

    def day(self, name: str, value: date) -> None:
        """A whole day."""
        self.put(name, f"{value:%Y%m%d}", VALUE="DATE")

    def moment(self, name: str, value: datetime, zone: str = "UTC") -> None:
        """A moment, in the clock time of a zone or in that of the world."""
        if zone in _UTC:
            self.put(name, f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}")
            return
        local = value.astimezone(ZoneInfo(zone))
        self.moments.append((zone, local))
        self.put(name, f"{local:%Y%m%dT%H%M%S}", TZID=zone)


def component_of(part: Part) -> Component:
    """A component that was read, to be written again as it is."""
    made = Component(part.kind, inside=[component_of(inner) for inner in part.inside])
    for line in part.lines:
        made.line(line.name, line.parameters, line.value)
    return made


def escaped(text: str) -> str:
    """Text as a value holds it."""
    return text.translate(_TEXT)


def written(components: Sequence[Component], *, name: str = "", method: str = "") -> str:
    """A whole calendar; with a `method`, what somebody who gets it by mail is to do with it."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Circulo//Agenda//ES", "CALSCALE:GREGORIAN"]
    if method:
        head.append(f"METHOD:{method}")
    if name:
        head.append(f"X-WR-CALNAME:{escaped(name)}")
    lines = [*head, *_zones(components)]
    for component in components:
        lines += _of(component)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def refilled(text: str, fill: Callable[[str], str]) -> str:
    """A calendar with the words of its lines exchanged, and the lines folded anew."""
    lines = text.replace("\r\n ", "").split("\r\n")
    return "\r\n".join(folded(fill(line)) for line in lines)


def folded(line: str) -> str:
    """A line cut into pieces of at most 75 bytes, never inside of a letter."""
    if line.isascii() and len(line) <= WIDTH:
        return line
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode("utf-8", "replace"))
        if size + width > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return "\r\n".join([*pieces, piece])


def _of(component: Component) -> Iterator[str]:
    yield f"BEGIN:{component.name}"
    yield from component.lines
    for inner in component.inside:
        yield from _of(inner)
    yield f"END:{component.name}"


def _quoted(value: str) -> str:
    value = value.translate(_PARAMETER)
    return f'"{value}"' if any(sign in value for sign in ",;:") else value


def _zones(components: Iterable[Component]) -> Iterator[str]:
    """Every zone that is named, with its changes of the clocks around the moments told in it."""
    years: dict[str, set[int]] = {}
    for component in components:
        for zone, moment in component.moments:
            years.setdefault(zone, set()).add(moment.year)
    for zone, known in sorted(years.items()):
        yield from _zone(zone, max(min(known) - 1, 1970), min(max(known), 2060) + 3)


@lru_cache(maxsize=200)
def _zone(name: str, first: int, last: int) -> tuple[str, ...]:
    zone = ZoneInfo(name)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    begin = datetime(first, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = begin.utcoffset() or timedelta(0)
    lines += _observance(begin, offset, offset)
    for moment in _changes(zone, first, last):
        after = moment.astimezone(zone)
        before = (moment - timedelta(seconds=1)).astimezone(zone).utcoffset() or timedelta(0)
        lines += _observance(after, before, after.utcoffset() or timedelta(0))
    return (*lines, "END:VTIMEZONE")


def _observance(after: datetime, before: timedelta, now: timedelta) -> list[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    start = (after.replace(tzinfo=None) - now + before).strftime("%Y%m%dT%H%M%S")
    return [f"BEGIN:{kind}", f"DTSTART:{start}", f"TZOFFSETFROM:{_offset(before)}",
            f"TZOFFSETTO:{_offset(now)}", f"TZNAME:{after.tzname()}", f"END:{kind}"]  # fmt: skip


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """The moments at which the clocks of a zone are put forward or back."""
    step = timedelta(days=7)
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    while moment < end:
        following = moment + step
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _between(zone, moment, following)
        moment = following


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


def _offset(delta: timedelta) -> str:
    seconds = int(delta.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{seconds // 3600:02d}{seconds % 3600 // 60:02d}"
    return f"{text}{seconds % 60:02d}" if seconds % 60 else text
