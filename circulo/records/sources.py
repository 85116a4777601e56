"""Any file that can be loaded, as a stream of numbered records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.readers import calendars, mail, mailboxes, tables, vcards, writers
from circulo.lib.readers.calendar_writer import component_of, written
from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import TableShape
from circulo.records.mapping import cells_of, columns_of


@dataclass(frozen=True)
class Source:
    """A file and how it is read: `kind` is `table`, `card`, `mail` or `calendar`."""

    path: Path
    kind: str
    shape: TableShape = field(default_factory=lambda: TableShape("none"))
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        return self.shape.first_row if self.kind == "table" else 1

    def records(self, done: int = 0) -> Iterator[tuple[int, Any]]:
        """The records with their row numbers, after the first `done` of them; blanks are none."""
        if self.kind == "card":
            numbered: Iterator[tuple[int, Any]] = enumerate(vcards.read(self.path), 1)
        elif self.kind == "calendar":
            numbered = enumerate(calendars.read(self.path), 1)
        elif self.kind == "mail":
            numbered = enumerate(mailboxes.raw_mails(self.path), 1)
        else:
            columns = columns_of(self.shape.headings, self.mapping)
            numbered = ((at, cells_of(row, columns)) for at, row in self._rows())
        return islice(numbered, done, None)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that hold something."""
        rows = enumerate(tables.rows(self.path, self.shape), self.first_row)
        return ((at, row) for at, row in rows if any(row))

    def write_refused(self, refused: Iterator[tuple[int, str]], path: Path) -> None:
        """The refused records as they were, with the reason, in a file that can be loaded again."""
        if self.kind == "table":
            headings = [*self.shape.headings, _("Reason")]
            writers.write(path, headings, self._refused_rows(refused))
            return
        with path.open("wb") as file:
            for record, reason in _picked(self.records(), refused):
                file.write(_AGAIN[self.kind](record, reason))

    def _refused_rows(self, refused: Iterator[tuple[int, str]]) -> Iterator[list[str]]:
        width = len(self.shape.headings)
        for row, reason in _picked(self._rows(), refused):
            yield [*(row + [""] * width)[:width], reason]

    @property
    def error_ending(self) -> str:
        """How the name of the file of refused records ends."""
        if self.kind == "table":
            return {"xlsx": ".xlsx", "jsonl": ".jsonl"}.get(self.shape.format, ".csv")
        return {"card": ".vcf", "calendar": ".ics"}.get(self.kind, ".mbox")


def describe(path: Path, name: str = "") -> dict[str, Any]:
    """What kind of file this is and how it is written, as `opened` takes it back."""
    ending = Path(name or path).suffix.lower()
    with path.open("rb") as file:
        start = file.read(2_000)
    head = start.decode("latin-1").replace("\0", "").lstrip("\ufeffÿþï»¿ \r\n").upper()
    if head.startswith("BEGIN:VCARD"):
        return {"kind": "card"}
    if head.startswith(("BEGIN:VCALENDAR", "BEGIN:VEVENT", "BEGIN:VTODO")) or ending == ".ics":
        return {"kind": "calendar"}
    if ending in (".eml", ".mbox", ".mbx") or mailboxes.are_mails(start):
        return {"kind": "mail"}
    return {"kind": "table", "table": tables.sniff(path).as_json()}


def opened(path: Path, described: dict[str, Any], mapping: Mapping[str, str]) -> Source:
    """The file as it was described, with its columns mapped."""
    shape = TableShape.from_json(described["table"]) if "table" in described else TableShape("none")
    return Source(path, described.get("kind", "table"), shape, mapping)


def _picked(
    numbered: Iterator[tuple[int, Any]], refused: Iterator[tuple[int, str]]
) -> Iterator[tuple[Any, str]]:
    """The records whose numbers were refused, with the reason; both come in order."""
    wanted = next(refused, None)
    for at, record in numbered:
        if wanted is None:
            return
        if at == wanted[0]:
            yield record, wanted[1]
            wanted = next(refused, None)


def _as_card(card: vcards.Card, reason: str) -> bytes:
    text = "".join(vcards.write([card]))
    line = "X-CIRCULO-REASON:" + " ".join(reason.split()).replace(",", "\\,")
    return text.replace("END:VCARD", f"{line}\r\nEND:VCARD").encode("utf-8", "replace")


def _as_mail(raw: bytes, reason: str) -> bytes:
    body = b"\n".join(
        b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in raw.split(b"\n")
    )
    why = " ".join(reason.split()).encode("ascii", "xmlcharrefreplace")
    return (
        b"From circulo Thu Jan  1 00:00:00 1970\nX-Circulo-Reason: " + why + b"\n" + body + b"\n\n"
    )


def _as_part(part: calendars.Part, reason: str) -> bytes:
    """A component in a calendar of its own: a file of several is a row of calendars."""
    made = component_of(part)
    made.text("X-CIRCULO-REASON", reason)
    return written([made]).encode("utf-8", "replace")


_AGAIN: dict[str, Callable[[Any, str], bytes]] = {
    "card": _as_card,
    "calendar": _as_part,
    "mail": _as_mail,
}


def shown(record: Any) -> dict[str, str]:
    """What a record says, by field, for a person to look at."""
    if isinstance(record, vcards.Card):
        points = {"emails": record.emails, "phones": record.phones}
        listed = {name: "; ".join(point.value for point in each) for name, each in points.items()}
        return {"name": record.display_name, "company": record.organisation, **listed}
    if isinstance(record, calendars.Part):
        return {"title": record.text("SUMMARY"), "begins": record.text("DTSTART")}
    if isinstance(record, bytes):
        return _shown_mail(record)
    return {name: "; ".join(cell for cell, _label in cells) for name, cells in record.items()}


def _shown_mail(raw: bytes) -> dict[str, str]:
    try:
        found = mail.read(raw)
    except Unreadable:
        return {}
    when = found.date.isoformat(" ", "minutes") if found.date else ""
    return {"party": found.from_.email, "subject": found.subject, "occurred_at": when}


def preview(source: Source, count: int = 20) -> Sequence[tuple[int, Any]]:
    """The first records."""
    return list(islice(source.records(), count))
