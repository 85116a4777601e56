"""Numbers, money and percentages as one region writes them."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

import babel
from babel.numbers import get_currency_precision

NBSP, MINUS = "\u00a0", "\u2212"
Numeric = Decimal | int | float
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class Numbers:
    """The signs and patterns of one region, read once and then only filled in.

    Thousands are always grouped, also at four digits (`1.234`, where the Academy would write
    `1234`): figures stand in columns here, and columns must line up.
    """

    def __init__(self, region: babel.Locale) -> None:
        self._region = region
        signs = region.number_symbols["latn"]
        self.decimal: str = signs["decimal"]
        self.group: str = signs["group"]
        self._signs = str.maketrans({",": self.group, ".": self.decimal, "-": MINUS})
        self._percent = _affixes(region.percent_formats[None].pattern)
        self._money: dict[str, tuple[int, tuple[str, str], tuple[str, str]]] = {}

    def number(self, value: Numeric, decimals: int | None = None) -> str:
        """Grouped; with a fixed count of decimals, or up to three where none is asked."""
        if isinstance(value, int) and not decimals:
            return f"{value:,}".translate(self._signs)
        text = _rounded(value, 3 if decimals is None else decimals)
        if decimals is None and "." in text:
            text = text.rstrip("0").rstrip(".")
        return text.translate(self._signs)

    def typed(self, value: Numeric) -> str:
        """As a person would type it into a field: all its decimals, nothing grouped."""
        return f"{_decimal(value):f}".replace(".", self.decimal)

    def percent(self, ratio: Numeric, decimals: int | None = None) -> str:
        """A ratio as a percentage: 0.125 is `12,5 %`; at most one decimal where none is asked."""
        hundredfold = _decimal(ratio) * 100
        if decimals is None:
            hundredfold = _WIDE.quantize(hundredfold, Decimal("0.1"))
        before, after = self._percent
        return f"{before}{self.number(hundredfold, decimals)}{after}"

    def money(self, amount: Numeric, currency: str, decimals: int | None = None) -> str:
        """An amount with its currency, in the decimals the currency has."""
        known = self._money.get(currency)
        if known is None:
            known = self._money[currency] = self._read_currency(currency)
        digits, positive, negative = known
        text = _rounded(amount, digits if decimals is None else decimals)
        before, after = positive
        if text[0] == "-":
            text, (before, after) = text[1:], negative
        return f"{before}{text.translate(self._signs)}{after}"

    def _read_currency(self, currency: str) -> tuple[int, tuple[str, str], tuple[str, str]]:
        sign = self._region.currency_symbols.get(currency, currency)
        pattern, _, below = self._region.currency_formats["standard"].pattern.partition(";")
        positive = _affixes(pattern, sign)
        before, after = _affixes(below, sign) if below else ("-" + positive[0], positive[1])
        negative = before.replace("-", MINUS), after.replace("-", MINUS)
        return get_currency_precision(currency), positive, negative


def _rounded(value: Numeric, decimals: int) -> str:
    """With English signs, rounded as people do: halves away from zero; never `-0`."""
    exact = _decimal(value)
    if not exact.is_finite():
        return "–"
    rounded = _WIDE.quantize(exact, _step(decimals))
    return f"{rounded or abs(rounded):,f}"


@cache
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def _decimal(value: Numeric) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _affixes(pattern: str, sign: str = "") -> tuple[str, str]:
    """What stands before and after the digits of a CLDR pattern, the currency sign filled in.

    A sign that ends in a letter keeps a space from the digits, as CLDR asks: `EUR 5`, not `EUR5`.
    """
    digits = [place for place, mark in enumerate(pattern) if mark in "#0"]
    before, after = pattern[: digits[0]], pattern[digits[-1] + 1 :]
    if before.endswith("¤") and sign[-1:].isalpha():
        before += NBSP
    if after.startswith("¤") and sign[:1].isalpha():
        after = NBSP + after
    return before.replace("¤", sign), after.replace("¤", sign)
