"""How a file is mapped: as the last one with its columns, or by the names of the columns."""

from typing import Any

from circulo.records import mapping as mappings
from circulo.records.load_types import load_types
from circulo.records.models import Load

_LOOKED_AT = 30


def guessed(load: Load) -> dict[str, str]:
    """The target of every column that can be told by its name."""
    load_type = load_types()[load.type]
    sample = load.shape.get("table", {}).get("sample", ())
    return mappings.guess(_headings(load.shape), load_type, load.by, sample)


def remember(load: Load) -> None:
    """Take over what the same person chose for the last file of this type with these columns.

    A file of refused rows, mended, has one more column at its end: the reason.
    """
    headings = _headings(load.shape)
    for earlier in _earlier(load) if headings else ():
        before = _headings(earlier.shape)
        if before in (headings, headings[:-1]):
            load_type = load_types()[load.type]
            unknown = mappings.unknown_targets(earlier.mapping, load_type, load.by)
            if not unknown:
                load.mapping = earlier.mapping
                load.options |= {name: earlier.options[name] for name in load.options}
                _settle_doubts(load.shape["table"], earlier.shape["table"])
            return


def _earlier(load: Load) -> list[Load]:
    """The last loads of this person that went beyond their first screen."""
    same = Load.objects.filter(type=load.type, by=load.by).exclude(state=Load.State.NEW)
    return list(same.order_by("-created_at")[:_LOOKED_AT]) if load.by else []


def _settle_doubts(table: dict[str, Any], before: dict[str, Any]) -> None:
    """Where the values do not say how they are written, they are as the last time."""
    if table["notes"] and table["format"] != "xlsx":
        table |= {"decimal": before["decimal"], "date_order": before["date_order"]}


def _headings(shape: dict[str, Any]) -> list[str]:
    table: dict[str, Any] = shape.get("table", {})
    return list(table.get("headings", ()))
