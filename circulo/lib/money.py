"""Money: exact amounts of a currency, rounded to its smallest unit and shared without losing one.

An amount is a Decimal beside the code of its currency, never a float. Other programs write it as
`{"amount": "12.50", "currency": "EUR"}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies, list_currencies
from django.utils.translation import gettext as _

from circulo.lib.decimals import decimal_of
from circulo.lib.errors import Invalid, Text

MOST, MOST_DECIMALS = Decimal(10) ** 15, 4
_EXACT = Context(prec=60)


@cache
def decimals_of(currency: str) -> int:
    """How many decimals a currency has: two for most, none for the yen, three for the dinar."""
    return int(get_currency_precision(currency))


@cache
def unit_of(currency: str) -> Decimal:
    """The smallest unit of a currency: 0.01 of the euro, 1 of the yen, 0.001 of a dinar."""
    return Decimal(1).scaleb(-decimals_of(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole smallest units, halves away from zero as people round."""
    return amount.quantize(unit_of(currency), ROUND_HALF_UP, _EXACT)


def shared(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """An amount shared out by weights in whole units; the shares add up to exactly the amount.

    What rounding down leaves over goes, a unit each, to the shares that lost most by it; of equal
    ones to the first. Weights are not negative; where all are zero, everybody gets the same.
    """
    if not weights:
        return []
    unit, total = unit_of(currency), sum(weights, Decimal())
    if not total:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    exact = [_EXACT.divide(_EXACT.multiply(amount, weight), total) for weight in weights]
    shares = [share.quantize(unit, ROUND_DOWN, _EXACT) for share in exact]
    left = int((amount - sum(shares, Decimal())) / unit)
    sign = -1 if left < 0 else 1
    by_loss = sorted(range(len(exact)), key=lambda n: (-sign * (exact[n] - shares[n]), n))
    for place in by_loss[: abs(left)]:
        shares[place] += sign * unit
    return shares


def written(amount: Decimal, currency: str) -> str:
    """An amount with the decimals of its currency, or with all it has where that would lose any."""
    whole, _point, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(decimals_of(currency), "0")
    return f"{whole}.{decimals}" if decimals else whole


def told(amount: Decimal, currency: str) -> dict[str, str]:
    """An amount as other programs read it."""
    return {"amount": written(amount, currency), "currency": currency}


def told_if_known(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    """An amount as other programs read it; nothing where it is not known."""
    return None if amount is None else told(amount, currency)


def read(value: Any, usual: str) -> tuple[Decimal, str]:
    """The amount and currency that a number means, or an object of both; Invalid says why not."""
    currency = usual
    if isinstance(value, Mapping):
        if set(value) - {"amount", "currency"} or "amount" not in value:
            raise Invalid({"": _("Money has an amount and a currency.")})
        currency, value = value.get("currency") or usual, value["amount"]
    currency = currency_of(currency)
    amount = decimal_of(value)
    if amount != round(amount, MOST_DECIMALS):
        raise Invalid({"": _("An amount has at most %d decimals.") % MOST_DECIMALS})
    return amount, currency


def read_amount(value: Any) -> Decimal | None:
    """An amount that is not negative, or none where nothing is said."""
    if value is None or value == "":
        return None
    found = decimal_of(value)
    if not 0 <= found < MOST:
        raise Invalid({"": _("An amount lies between 0 and 999 999 999 999 999.")})
    return found


def refuse_fractions(amount: Decimal | None, currency: str) -> None:
    """Invalid where an amount has more decimals than its currency."""
    if amount is not None and amount != rounded(amount, currency):
        raise Invalid({"": _("%(currency)s has at most %(count)d decimals.")
                       % {"currency": currency, "count": decimals_of(currency)}})  # fmt: skip


_NO_CURRENCIES = {"X" * 3, "XTS"}  # codes of the same standard, for none and for tests


@cache
def currencies() -> frozenset[str]:
    """Every currency by its code of three letters."""
    return frozenset(list_currencies()) - _NO_CURRENCIES


@cache
def in_use() -> frozenset[str]:
    """The currencies of ISO 4217 that are money somewhere today."""
    places = get_global("territory_currencies")
    found = {code for place in places for code in get_territory_currencies(place)}
    return frozenset(found) & currencies()


def currency_of(value: Any) -> str:
    """The code of a currency, in capitals; Invalid where there is none of this code."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in currencies():
        raise Invalid({"": _unknown(code)})
    return code


def _unknown(code: str) -> Text:
    if not code:
        return _("Write a currency as three letters, such as EUR.")
    return _("“%s” is no currency: write its three letters by ISO 4217, such as EUR.") % code[:20]
