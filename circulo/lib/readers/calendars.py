"""iCalendar files as the standard and as real programs write them: broken ones as far as they go.

A file becomes its components, in order; a line that cannot be understood is passed over, and a
component that is never ended ends with the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _

from circulo.lib.readers.refusal import Unreadable

LONGEST_LINE = 1_000_000
MOST_LINES, DEEPEST = 5_000, 6
NOT_RECORDS = {"VTIMEZONE"}
_NAME = re.compile(r"[A-Za-z0-9-]+")
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_CLOCK = re.compile(r"\d{8}T\d{6}Z?")
_TEXT = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class Line:
    """One property: its name, its parameters, its value as it was written."""

    name: str
    parameters: dict[str, list[str]]
    value: str

    def parameter(self, name: str) -> str:
        """The first value of a parameter."""
        values = self.parameters.get(name)
        return values[0] if values else ""

    @property
    def text(self) -> str:
        """The value as text, without the signs that keep it apart from the next one."""
        return _TEXT.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value)


@dataclass
class Part:
    """A component: what it is, its lines, what stands inside, the zones that its file defines."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    inside: list[Part] = field(default_factory=list)
    zones: dict[str, Part] = field(default_factory=dict)
    is_whole: bool = True

    def first(self, name: str) -> Line | None:
        """The first line of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def all(self, name: str) -> list[Line]:
        """Every line of a name."""
        return [line for line in self.lines if line.name == name]

    def text(self, name: str) -> str:
        """The text of the first line of a name, or nothing."""
        line = self.first(name)
        return line.text if line else ""


@dataclass(frozen=True)
class When:
    """A point in time as a calendar says it: a day, or clock time in a zone."""

    clock: datetime
    zone: str = ""
    is_day: bool = False

    @property
    def day(self) -> date:
        return self.clock.date()

    @property
    def moment(self) -> datetime:
        """The moment it is; a time without a zone is taken by the clock of the world."""
        return self.clock.replace(tzinfo=ZoneInfo(self.zone or "UTC")).astimezone(UTC)


def read(path: Path | str) -> Iterator[Part]:
    """The components of a file that can be records, in order."""
    with Path(path).open("rb") as file:
        found = whole(file)
    count = 0
    for part in _records(found):
        count += 1
        yield part
    if not count:
        raise Unreadable(
            _("There is no task or appointment in this file. Export your calendar as iCalendar "
              "(.ics) and try again.")
        )  # fmt: skip


def whole(file: BinaryIO) -> list[Part]:
    """Everything that stands in a file, calendars with what is inside of them."""
    tree = _tree(_lines(file))
    everything = list(_all(tree))
    zones = {part.text("TZID"): part for part in everything if part.kind == "VTIMEZONE"}
    for part in everything:
        part.zones = zones
    return tree


def _records(parts: list[Part]) -> Iterator[Part]:
    """What stands in a calendar; some programs leave the calendar around it out."""
    for part in parts:
        if part.kind == "VCALENDAR":
            yield from _records(part.inside)
        elif part.kind not in NOT_RECORDS:
            yield part


def _all(parts: list[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _all(part.inside)


def _tree(lines: Iterator[str]) -> list[Part]:
    """The components, each within the one that was open."""
    top: list[Part] = []
    opened: list[Part] = []
    for text in lines:
        line = line_of(text)
        if line is None:
            continue
        if line.name == "BEGIN":
            part = Part(line.value.replace("\0", "").strip().upper()[:60])
            if len(opened) < DEEPEST:
                (opened[-1].inside if opened else top).append(part)
            opened.append(part)
        elif line.name == "END":
            _end(opened, line.value.strip().upper())
        elif opened and len(opened[-1].lines) < MOST_LINES:
            opened[-1].lines.append(line)
    for part in opened:
        part.is_whole = False
    return top


def _end(opened: list[Part], kind: str) -> None:
    """End the innermost component of this kind, and whatever was left open inside of it."""
    if any(part.kind == kind for part in opened):
        while opened and opened.pop().kind != kind:
            continue


def line_of(text: str) -> Line | None:
    """A content line; None where it is none."""
    match = _NAME.match(text)
    if match is None:
        return None
    name, rest = match[0].upper(), text[match.end() :]
    parameters: dict[str, list[str]] = {}
    while rest.startswith(";"):
        key, equals, rest = rest[1:].partition("=")
        if not equals or not _NAME.fullmatch(key.strip()):
            return None
        values, rest = _values(rest)
        parameters[key.strip().upper()] = values
    if not rest.lstrip().startswith(":"):
        return None
    return Line(name, parameters, rest.lstrip()[1:])


def _values(rest: str) -> tuple[list[str], str]:
    """The values of a parameter, and what follows them."""
    values = []
    while True:
        if rest.startswith('"'):
            value, _quote, rest = rest[1:].partition('"')
        else:
            size = next((at for at, sign in enumerate(rest) if sign in ";:,"), len(rest))
            value, rest = rest[:size], rest[size:]
        values.append(value.replace("^n", "\n").replace("^'", '"').replace("^^", "^"))
        if not rest.startswith(","):
            return values, rest
        rest = rest[1:]


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines with their continuations, whatever ends them."""
    pending = ""
    for line in _raw_lines(file):
        if line[:1] in (" ", "\t") and pending:
            if len(pending) < LONGEST_LINE:
                pending += line[1:]
            continue
        if pending:
            yield pending
        pending = line
    if pending:
        yield pending


def _raw_lines(file: BinaryIO) -> Iterator[str]:
    start = file.read(3)
    file.seek(3 if start == codecs.BOM_UTF8 else 0)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        for text in codecs.getreader("utf-16")(file, "replace"):
            yield text.rstrip("\r\n")[:LONGEST_LINE]
        return
    # a letter may be cut in two by a fold: bytes are joined before they are read
    pending = b""
    while raw := file.readline(LONGEST_LINE):
        for piece in raw.rstrip(b"\r\n").split(b"\r"):
            if piece[:1] in (b" ", b"\t") and pending:
                pending = (pending + piece[1:])[:LONGEST_LINE]
                continue
            yield _decoded(pending)
            pending = piece
    yield _decoded(pending)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def when_of(line: Line, zones: dict[str, Part], floating: str, value: str = "") -> When | None:
    """The point in time that a line says, or one `value` of it; None where it says none.

    A time without a zone is meant where the file is brought in: in the zone `floating`.
    """
    text = (value or line.value).strip().strip('"')
    if re.fullmatch(r"\d{8}", text):
        day = _parsed(text, "%Y%m%d")
        return When(day, is_day=True) if day else None
    clock = _parsed(text[:15], "%Y%m%dT%H%M%S") if _CLOCK.fullmatch(text) else None
    if clock is None:
        return None
    if text.endswith("Z"):
        return When(clock, "UTC")
    name = line.parameter("TZID")
    if not name:
        return When(clock, floating)
    known = zone_named(name)
    if known:
        return When(clock, known)
    offset = _offset_at(zones.get(name), clock)
    return None if offset is None else When(clock - offset, "UTC")


def zone_named(name: str) -> str:
    """The name of a time zone as the world knows it, from what other programs call it."""
    name = name.strip().strip('"')
    known: Mapping[str, str] = get_global("windows_zone_mapping")
    for candidate in (name, known.get(name, ""), *_endings(name)):
        if candidate and _exists(candidate):
            return candidate
    return ""


def _endings(name: str) -> Iterator[str]:
    """`/freeassociation.sourceforge.net/Europe/Madrid` ends in a name that is known."""
    parts = name.replace("\\", "/").strip("/").split("/")
    for size in (3, 2, 1):
        if len(parts) > size:
            yield "/".join(parts[-size:])


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _offset_at(zone: Part | None, clock: datetime) -> timedelta | None:
    """How far ahead of the world a zone that only its file knows is at a clock time."""
    if zone is None:
        return None
    best: tuple[datetime, timedelta] | None = None
    for part in zone.inside:
        offset = _offset(part.text("TZOFFSETTO"))
        for start in _starts(part, clock) if offset is not None else ():
            if offset is not None and start <= clock and (best is None or start > best[0]):
                best = (start, offset)
    if best:
        return best[1]
    offsets = (_offset(part.text("TZOFFSETFROM")) for part in zone.inside)
    return next((offset for offset in offsets if offset is not None), None)


def _starts(part: Part, clock: datetime) -> Iterator[datetime]:
    """When the clocks of a zone are changed, not later than a clock time."""
    line = part.first("DTSTART")
    start = _parsed(line.value.strip(), "%Y%m%dT%H%M%S") if line else None
    if start is None:
        return
    yield start
    for more in part.all("RDATE"):
        for text in more.value.split(","):
            if found := _parsed(text.strip(), "%Y%m%dT%H%M%S"):
                yield found
    rule = part.first("RRULE")
    if rule is None or "YEARLY" not in rule.value:
        return
    try:
        last = rrulestr(rule.value.replace("Z", ""), dtstart=start).before(clock, inc=True)
    except (ValueError, TypeError, AttributeError, IndexError):
        return
    if last:
        yield last


def _offset(text: str) -> timedelta | None:
    match = _OFFSET.match(text.strip())
    if match is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -size if match[1] == "-" else size


def duration_of(text: str) -> timedelta | None:
    """A stretch of time such as `-PT15M`; None for what is none."""
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or text.strip().upper() in ("P", "-P", "+P", "PT", "-PT", "+PT"):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    size = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -size if match[1] == "-" else size


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern) if text.isascii() else None
    except ValueError:
        return None
