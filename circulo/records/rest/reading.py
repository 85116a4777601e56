"""Reading small bodies: each value by its reader, every refusal told at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean, refuse_broken

Take = Callable[..., Any]
MOST_LEVELS, MOST_LETTERS = 8, 100_000
# At either end of the calendar a moment cannot be told in the time zone of whoever looks.
FIRST_YEAR, LAST_YEAR = 1000, 9998


def known(said: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The body, where it names nothing but these fields."""
    unknown = set(said) - set(names)
    if unknown:
        raise Invalid({shown(name): _("There is no such field here.") for name in unknown})
    return dict(said)


def shown(name: str) -> str:
    """A name as an answer can hold it, whatever somebody sent."""
    return name.encode("utf-8", "replace").decode()[:60]


@contextmanager
def collecting() -> Iterator[Take]:
    """Hands out a function that reads one field; Invalid at the end with all that was refused."""
    refused: dict[str, Text] = {}

    def take(name: str, reader: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return reader(*arguments)
        except Invalid as invalid:
            refused[name] = next(iter(invalid.fields.values()))

    yield take
    if refused:
        raise Invalid(refused)


def word(value: Any) -> str:
    """A text as it is."""
    if not isinstance(value, str):
        raise Invalid({"": _("This must be text.")})
    refuse_broken(value)
    return value


def prose(value: Any, most: int) -> str:
    """A text with its lines, of at most so many characters; none is an empty one."""
    return clean(word("" if value is None else value), limit=most, lines=True)


def day(value: Any) -> date | None:
    """A day, or none."""
    if value in (None, ""):
        return None
    try:
        read = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        read = None
    if read is None or read.year < FIRST_YEAR:
        raise Invalid({"": _("This is not a date: write it as 1980-02-14.")})
    return read


def moment(value: Any) -> datetime | None:
    """A moment, or none; one without a zone is meant in the time zone of who speaks."""
    if value in (None, ""):
        return None
    try:
        read = parse_datetime(value) if isinstance(value, str) and len(value) < 60 else None
        if read is not None:
            read = timezone.make_aware(read) if timezone.is_naive(read) else read
            read = read.astimezone(UTC)
    except (ValueError, OverflowError):
        read = None
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise Invalid({"": _("This is not a moment: write it as 2026-02-14T09:30:00+01:00.")})
    return read


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers between two."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Invalid({"": _("This must be a whole number from %(from)d to %(to)d.")
                           % {"from": least, "to": most}})  # fmt: skip
        return value

    return read


def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Invalid({"": _("This must be true or false.")})
    return value


def anything(value: Any) -> dict[str, Any]:
    """An object of any content that can be stored."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid({"": _("This must be an object.")})
    refuse_broken_in(value)
    if len(json.dumps(value)) > MOST_LETTERS:
        raise Invalid({"": _("Too long: at most %d characters.") % MOST_LETTERS})
    return value


def refuse_broken_in(value: Any, level: int = 0) -> None:
    """Invalid where a text inside cannot be stored, or where it nests too deep."""
    if level > MOST_LEVELS:
        raise Invalid({"": _("This nests at most %d levels deep.") % MOST_LEVELS})
    if isinstance(value, str):
        refuse_broken(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            refuse_broken(key)
            refuse_broken_in(inner, level + 1)
    elif isinstance(value, list):
        for inner in value:
            refuse_broken_in(inner, level + 1)
