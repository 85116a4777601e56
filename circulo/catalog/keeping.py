"""Kept lines of goods made what is wanted now: each wanted line is one that is there, or a new one.

So a history tells of the line that changed, whichever was taken out above it; and only a line that
was put elsewhere among the others gets another place.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from circulo.catalog.lines import Wanted
from circulo.lib.errors import Stale

_NARROWEST = 1e-6  # below that, places between two others run out


def stamp_of(lines: Iterable[Any]) -> str:
    """What tells lines as somebody saw them from other lines, or from the same in another order."""
    said = [(line.public_id, *_said_of(line)) for line in lines]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def refuse_other_lines(lines: Any, seen: str) -> None:
    """Stale where the lines of a record are no longer those whose stamp, if any, was `seen`."""
    if seen and seen != stamp_of(lines.order_by("position", "pk")):
        raise Stale({})


def keep_lines(
    model: type[Any],
    of: Mapping[str, Any],
    wanted: Sequence[Wanted],
    rows: Sequence[Mapping[str, Any]],
) -> bool:
    """Make the lines of one record what is wanted, as its priced rows say; whether any changed."""
    lines = model._default_manager.filter(**of)
    there = list(lines.order_by("position", "pk"))
    pairs = paired(there, wanted)
    places = places_among([line.position if line else None for line in pairs])
    said = [{**row, "position": place} for row, place in zip(rows, places, strict=True)]
    fresh = [model(**of, **row) for line, row in zip(pairs, said, strict=True) if line is None]
    other = [
        (line, row)
        for line, row in zip(pairs, said, strict=True)
        if line and any(getattr(line, name) != value for name, value in row.items())
    ]
    for line, row in other:
        lines.filter(pk=line.pk).update(**row)
    left = {line.pk for line in pairs if line}
    gone = [line.pk for line in there if line.pk not in left]
    if gone:
        lines.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(fresh)
    return bool(fresh or other or gone)


def paired(there: Sequence[Any], wanted: Sequence[Wanted]) -> list[Any | None]:
    """For each wanted line the one that is there already, or None where it is new.

    Lines that were named say all: who names none of them means the one that says the same, else one
    of the same product, else the one in the same place.
    """
    found: list[Any | None] = [None] * len(wanted)
    left = {line.public_id: line for line in there}
    for place, one in enumerate(wanted):
        found[place] = left.pop(one.line_id, None)
    if any(found):
        return found
    for alike in (_says_the_same, _is_of_the_product):
        _pair(found, wanted, left, alike)
    for place, line in enumerate(there[: len(wanted)]):
        if found[place] is None and line.public_id in left:
            found[place] = left.pop(line.public_id)
    return found


def _pair(
    found: list[Any | None],
    wanted: Sequence[Wanted],
    left: dict[str, Any],
    alike: Callable[[Any, Wanted], bool],
) -> None:
    for place, one in enumerate(wanted):
        if found[place] is None:
            same = next((key for key, line in left.items() if alike(line, one)), "")
            found[place] = left.pop(same, None)


def _says_the_same(line: Any, one: Wanted) -> bool:
    said = (one.product, one.quantity, one.price, one.discount, one.description)
    return _said_of(line) == said


def _said_of(line: Any) -> tuple[Any, ...]:
    return (line.product_id, line.quantity, line.price, line.discount, line.description)


def _is_of_the_product(line: Any, one: Wanted) -> bool:
    return bool(line.product_id == one.product)


def places_among(there: Sequence[float | None]) -> list[float]:
    """Places that rise, for lines in the order that they are wanted in: as many as can keep theirs
    do, the others lie between these.
    """
    staying = _rising(there)
    found: list[float] = []
    for place in (*staying, len(there)):
        count = place - len(found)
        first = found[-1] if found else None
        last = there[place] if place < len(there) else None
        between = _between(first, last, count)
        if between is None:
            return [float(n) for n in range(len(there))]
        found += [*between, *([] if last is None else [last])]
    return found


def _between(first: float | None, last: float | None, count: int) -> list[float] | None:
    """So many places between two others; None where there is no room for them."""
    if first is None:
        return [(count if last is None else last) - count + n for n in range(count)]
    step = 1.0 if last is None else (last - first) / (count + 1)
    return None if count and step < _NARROWEST else [first + step * (n + 1) for n in range(count)]


def _rising(there: Sequence[float | None]) -> list[int]:
    """The longest run of lines, in the order that they are wanted in, whose places rise already."""
    ends: list[float] = []
    runs: list[list[int]] = []
    for index, place in enumerate(there):
        if place is not None:
            at = bisect_left(ends, place)
            ends[at : at + 1] = [place]
            runs[at : at + 1] = [[*(runs[at - 1] if at else []), index]]
    return runs[-1] if runs else []
