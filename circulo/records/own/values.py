"""What somebody says for an own field, read into the value that is stored; Invalid says why not.

Stored are plain values of JSON: a text, a number, a truth, a list of choices, money as
`{"amount", "currency"}`. Days are `2026-11-26`, moments `2026-11-26T10:00:00Z`, times of day
`09:30`, links identifiers. None is no value, and is not stored at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from circulo.lib import ids, money
from circulo.lib.clock import time_of
from circulo.lib.decimals import decimal_of
from circulo.lib.errors import Invalid
from circulo.lib.text import clean
from circulo.records.models import OwnField

LONGEST = {OwnField.Kind.TEXT: 1_000, OwnField.Kind.LONG_TEXT: 10_000}
LINKED = {"contact": "party", "company": "party", "user": "user", "lead": "lead",
          "deal": "deal", "quote": "quote", "product": "product", "entry": "entry"}  # fmt: skip
_FIRST, _LAST = 1000, 9999
Kind = OwnField.Kind


def read(field: OwnField, value: Any) -> Any:
    """The value to store for a field; None where nothing is said."""
    if value is None or value == "" or value == []:
        return None
    return _READERS[Kind(field.kind)](field, value)


def refusal(why: str) -> Invalid:
    """A value that does not fit."""
    return Invalid({"": why})


def _text(field: OwnField, value: Any) -> str | None:
    if not isinstance(value, str):
        raise refusal(_("This must be text."))
    lines = field.kind == Kind.LONG_TEXT
    return clean(value, limit=LONGEST[Kind(field.kind)], lines=lines) or None


def _number(field: OwnField, value: Any) -> int | float:
    number = decimal_of(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _money(field: OwnField, value: Any) -> dict[str, str]:
    amount, currency = money.read(value, field.currency)
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return {"amount": f"{amount:.{max(2, -exponent)}f}", "currency": currency}


def _date(field: OwnField, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])
    except ValueError as error:
        raise refusal(_("This is not a date: write it as 1980-02-14.")) from error
    if isinstance(value, str) and len(value.strip()) > 10:
        raise refusal(_("This is not a date: write it as 1980-02-14."))
    if not _FIRST <= day.year <= _LAST:
        raise refusal(_("A date lies between the years %(first)d and %(last)d.")
                      % {"first": _FIRST, "last": _LAST})  # fmt: skip
    return day.isoformat()


def _moment(field: OwnField, value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
        if moment is None:
            raise ValueError
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        moment = moment.astimezone(UTC)
        if not _FIRST <= moment.year <= _LAST:
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise refusal(_("This is not a moment: write it as 2026-11-26T10:00.")) from error
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _time(field: OwnField, value: Any) -> str:
    clock = value if isinstance(value, time) else time_of(str(value))
    if clock is None:
        raise refusal(_("This is not a time of day: write it as 09:30."))
    return f"{clock:%H:%M}"


def _choice(field: OwnField, value: Any) -> str:
    labels = field.labels()
    if not isinstance(value, str) or value not in labels:
        raise refusal(_("Choose one of: %s.") % ", ".join(labels))
    return value


def _choices(field: OwnField, value: Any) -> list[str] | None:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise refusal(_("This must be a list of choices."))
    chosen = {_choice(field, one) for one in value}
    return [key for key in field.labels() if key in chosen] or None


def _yes_no(field: OwnField, value: Any) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    found = value if isinstance(value, bool) else known.get(str(value).lower())
    if found is None:
        raise refusal(_("This is neither yes nor no."))
    return found


def _link(field: OwnField, value: Any) -> str:
    kind = "file" if field.kind == Kind.FILE else LINKED[field.target]
    if not isinstance(value, str) or ids.decode(kind, value) is None:
        raise refusal(_("There is no such record."))
    return value


def _computed(field: OwnField, value: Any) -> Any:
    raise refusal(_("This field is computed: nobody writes it."))


_READERS: dict[OwnField.Kind, Callable[[OwnField, Any], Any]] = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _text, Kind.NUMBER: _number, Kind.MONEY: _money,
    Kind.DATE: _date, Kind.MOMENT: _moment, Kind.TIME: _time, Kind.CHOICE: _choice,
    Kind.CHOICES: _choices, Kind.YES_NO: _yes_no, Kind.LINK: _link, Kind.FILE: _link,
    Kind.COMPUTED: _computed,
}  # fmt: skip


def is_sound(field: OwnField, value: Any) -> bool:
    """Whether a stored value is one that this field would store; what was there before may not."""
    try:
        return value is not None and bool(read(field, value) == value)
    except Invalid:
        return False
