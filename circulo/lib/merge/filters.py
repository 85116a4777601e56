"""The filters: a closed list. Each says what it takes, so that a template is checked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.lib.format import Locale


class Kind(Enum):
    """What a value is."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    TEXTS = "texts"
    YES_NO = "yes_no"


STYLES = ("short", "medium", "long")
_EVERYTHING = frozenset(Kind)
_DAYS = frozenset({Kind.DAY, Kind.MOMENT})
_SUMS = frozenset({Kind.NUMBER, Kind.MONEY})


@dataclass(frozen=True)
class Known:
    """One filter: what it does, to which kinds, and with which argument."""

    apply: Callable[[Any, Any, Locale], str]
    about: str | Promise
    takes: frozenset[Kind] = _EVERYTHING
    fits: Callable[[Any], bool] = lambda argument: argument is None
    how: str | Promise = _("It takes no argument.")


def shown(value: Any, locale: Locale) -> str:
    """A value as its reader writes it, where no filter says otherwise."""
    match value:
        case None | "" | [] | False:
            return ""
        case True:
            return "✓"
        case {"amount": amount, "currency": currency}:
            return locale.money(Decimal(str(amount)), currency)
        case Decimal() | int() | float():
            return locale.number(value)
        case date():
            return locale.day(value, "long")
        case list() | tuple():
            return locale.joined([shown(one, locale) for one in value])
        case {"name": name}:
            return str(name)
    return str(value)


def _day(value: Any, style: Any, locale: Locale) -> str:
    return locale.day(value, style or "long") if isinstance(value, date) else shown(value, locale)


def _number(value: Any, decimals: Any, locale: Locale) -> str:
    amount = value["amount"] if isinstance(value, dict) else value
    return locale.number(Decimal(str(amount)), decimals)


def _money(value: Any, currency: Any, locale: Locale) -> str:
    if isinstance(value, dict):
        return locale.money(Decimal(str(value["amount"])), currency or value["currency"])
    return locale.money(Decimal(str(value)), currency or "EUR")


def _join(value: Any, glue: Any, locale: Locale) -> str:
    texts: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return (glue or ", ").join(shown(one, locale) for one in texts)


def _title(text: str) -> str:
    """Each word with a capital: not as `str.title`, which starts anew after an apostrophe."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_currency(argument: Any) -> bool:
    return argument is None or (
        isinstance(argument, str)
        and len(argument) == 3
        and argument.isascii()
        and argument.isupper()
    )


def _on_text(change: Callable[[str], str]) -> Callable[[Any, Any, Locale], str]:
    return lambda value, _argument, locale: change(shown(value, locale))


FILTERS: dict[str, Known] = {
    "upper": Known(_on_text(str.upper), _("CAPITAL LETTERS")),
    "lower": Known(_on_text(str.lower), _("small letters")),
    "title": Known(_on_text(_title), _("Each Word With A Capital")),
    "capital": Known(_on_text(_capital), _("First letter a capital")),
    "date": Known(_day, _("a day: short, medium or long"), _DAYS,
                  lambda style: style is None or style in STYLES,
                  _("It takes “short”, “medium” or “long” in quotes.")),
    "number": Known(_number, _("a number, with so many decimals"), _SUMS,
                    lambda places: places is None or isinstance(places, int) and places <= 6,
                    _("It takes the count of decimals, up to 6.")),
    "money": Known(_money, _("a sum of money, in a currency"), _SUMS, _is_currency,
                   _("It takes the three letters of a currency in quotes, such as “EUR”.")),
    "join": Known(_join, _("several values with a sign between them"), frozenset({Kind.TEXTS}),
                  lambda glue: glue is None or isinstance(glue, str),
                  _("It takes the text that stands between the values, in quotes.")),
}  # fmt: skip
