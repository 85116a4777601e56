"""The one formatter: every number, sum of money, day and moment that a person reads is made here.

`get("es-CL", "es", "America/Santiago")` is the locale of a user. A middleware makes it current with
`activate`; the functions below write for the current one, and serve as template filters.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from datetime import time as day_time
from decimal import Decimal

from circulo.lib.format import reading
from circulo.lib.format.dates import Style
from circulo.lib.format.locales import DEFAULT_REGION, REGIONS, Locale, get
from circulo.lib.format.numbers import Numeric

__all__ = [
    "DEFAULT_REGION",
    "REGIONS",
    "Locale",
    "activate",
    "ago",
    "city_of",
    "clock",
    "current",
    "day",
    "day_month",
    "days",
    "get",
    "joined",
    "moment",
    "money",
    "month",
    "near_day",
    "number",
    "parse_number",
    "percent",
    "time",
    "typed_number",
    "use",
    "weekday",
]

_current: ContextVar[Locale | None] = ContextVar("circulo_locale", default=None)


def current() -> Locale:
    """The locale of whoever is being answered; that of Spain outside of a request."""
    return _current.get() or get()


def activate(locale: Locale | None) -> None:
    """Make a locale the current one until the next call."""
    _current.set(locale)


@contextmanager
def use(locale: Locale) -> Iterator[Locale]:
    """Write for somebody else inside of a block, such as the receiver of a mail."""
    token = _current.set(locale)
    try:
        yield locale
    finally:
        _current.reset(token)


def number(value: Numeric | None, decimals: int | None = None) -> str:
    """A number, thousands grouped."""
    return current().number(value, decimals)


def typed_number(value: Numeric | None) -> str:
    """A number for a field of a form, not grouped."""
    return current().typed_number(value)


def percent(ratio: Numeric | None, decimals: int | None = None) -> str:
    """A ratio as a percentage."""
    return current().percent(ratio, decimals)


def money(amount: Numeric | None, currency: str, decimals: int | None = None) -> str:
    """An amount in its currency."""
    return current().money(amount, currency, decimals)


def day(value: date | None, style: Style = "short") -> str:
    """A day; style is short, medium or long."""
    return current().day(value, style)


def day_month(value: date | None) -> str:
    """A day without its year."""
    return current().day_month(value)


def days(first: date, last: date) -> str:
    """From one day to another."""
    return current().days(first, last)


def month(value: date | None) -> str:
    """A month with its year."""
    return current().month(value)


def weekday(value: date | None) -> str:
    """The name of the day of the week."""
    return current().weekday(value)


def near_day(value: date | None) -> str:
    """Yesterday, today and tomorrow by name, other days by date."""
    return current().near_day(value)


def time(value: datetime | None) -> str:
    """The time of day of a moment."""
    return current().time(value)


def clock(value: day_time | None) -> str:
    """A time of day that belongs to no day."""
    return current().clock(value)


def moment(value: datetime | None, style: Style = "short") -> str:
    """Day and time of a moment."""
    return current().moment(value, style)


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How far away a moment is, in words."""
    return current().ago(value, now)


def city_of(zone: str) -> str:
    """The city that a time zone is told by: `Ciudad de México` for `America/Mexico_City`."""
    return current().city_of(zone)


def joined(texts: Iterable[str]) -> str:
    """A list in words."""
    return current().joined(texts)


def parse_number(
    text: str, decimals: int | None = None, locale: Locale | None = None
) -> Decimal | None:
    """The number that a text means, None for an empty one; Invalid where it is not clear."""
    return reading.parse_number(text, (locale or current()).numbers, decimals)
