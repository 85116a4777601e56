"""Sums of money as programs write them: a decimal and a currency, never a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from babel.numbers import get_currency_precision, list_currencies
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid

MOST = Decimal(10) ** 15


@cache
def decimals_of(currency: str) -> int:
    """How many decimals a currency has: two for most, none for the yen, three for the dinar."""
    return int(get_currency_precision(currency))


@cache
def currencies() -> frozenset[str]:
    """Every currency by its code of three letters."""
    return frozenset(list_currencies())


def written(amount: Decimal, currency: str) -> str:
    """An amount with the decimals of its currency, or with all it has where that would lose any."""
    exact = amount.quantize(Decimal(1).scaleb(-decimals_of(currency)))
    return f"{exact if exact == amount else amount.normalize():f}"


def shown(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    """An amount as the API tells it."""
    return None if amount is None else {"amount": written(amount, currency), "currency": currency}


def currency(value: Any) -> str:
    """The code of a currency."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in currencies():
        raise Invalid({"": _("Write a currency as three letters, such as EUR.")})
    return code


def amount(value: Any) -> Decimal | None:
    """An amount that is not negative, or none."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise InvalidOperation
        found = Decimal(str(value).strip()[:40])
    except InvalidOperation as error:
        raise Invalid({"": _("This must be a number.")}) from error
    if not found.is_finite() or not 0 <= found < MOST:
        raise Invalid({"": _("An amount lies between 0 and 999 999 999 999 999.")})
    return found


def refuse_fractions(amount: Decimal | None, currency: str) -> None:
    """Invalid where an amount has more decimals than its currency."""
    if amount is None:
        return
    places = decimals_of(currency)
    if amount != round(amount, places):
        raise Invalid({"": _("%(currency)s has at most %(count)d decimals.")
                       % {"currency": currency, "count": places}})  # fmt: skip
