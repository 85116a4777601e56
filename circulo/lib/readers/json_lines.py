"""JSON Lines, one object to a line, read as a table whose columns are the objects' names."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.readers.refusal import Unreadable
from circulo.lib.readers.shapes import MOST_COLUMNS, TableShape, describe

LONGEST_LINE = 2_000_000
_LOOKED_AT = 2_000


def is_json_lines(start: bytes) -> bool:
    """Whether a file that begins like this holds objects rather than a table of text."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'{"', b"{ "))


def sniff(path: Path, *, prefer: str = "DMY") -> TableShape:
    """The columns named in the first lines."""
    names: dict[str, None] = {}
    for _number, found in islice(_objects(path), _LOOKED_AT):
        names |= dict.fromkeys(found)
    if len(names) > MOST_COLUMNS:
        raise Unreadable(_("The objects have more than %d names.") % MOST_COLUMNS)
    headings = tuple(names)
    shape = TableShape("jsonl", "utf-8", headings=headings, header_row=0)
    first = list(islice(rows(path, shape), _LOOKED_AT))
    described = describe(shape, [list(headings), *first], prefer=prefer)
    return replace(described, header_row=0, has_header=True, headings=headings, decimal=".")


def rows(path: Path, shape: TableShape) -> Iterator[list[str]]:
    """Every object as a row of texts in the order of the columns."""
    for _number, found in _objects(path):
        yield [_text(found.get(name)) for name in shape.headings]


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if line.strip():
                yield number, _object(line, number)


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        reason = _("Line %d is not an object of JSON. Write one object to a line.") % number
        raise Unreadable(reason, row=number)
    return {str(name): value for name, value in found.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
