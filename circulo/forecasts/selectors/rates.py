"""What other currencies were worth in that of the firm, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from circulo.catalog.models import ExchangeRate

FINEST = Decimal("1e-16")
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth from a day on, until the day before `end`."""

    currency: str
    first: date
    end: date
    rate: Decimal

    @property
    def last(self) -> date:
        """The last day on which it holds."""
        return self.end - timedelta(days=1)


def rates_into(currency: str) -> list[Rate]:
    """Every rate into a currency, each until the next one of its currency begins.

    A rate that was stated holds until a later one, whichever way round that was; of two of one day
    the one into this currency.
    """
    stated: dict[tuple[str, date], Decimal] = {}
    turned: dict[tuple[str, date], Decimal] = {}
    rows = ExchangeRate.objects.order_by("day").values_list("currency", "target", "day", "rate")
    for source, target, day, rate in rows:
        if target == currency:
            stated[source, day] = rate
        elif source == currency:
            turned[target, day] = (1 / rate).quantize(FINEST)
    said = sorted((turned | stated).items())
    found: list[Rate] = []
    for name, rates in groupby(said, key=lambda one: one[0][0]):
        found += _ranges(name, [(day, rate) for (_name, day), rate in rates])
    return found


def rate_on(rates: Sequence[Rate], currency: str, day: date) -> Decimal | None:
    """What a currency was worth on a day; None where nobody said."""
    for one in rates:
        if one.currency == currency and one.first <= day < one.end:
            return one.rate
    return None


def _ranges(currency: str, rates: Sequence[tuple[date, Decimal]]) -> list[Rate]:
    """The days of each of these rates, in their order."""
    ends = [*(day for day, _rate in rates[1:]), FOREVER]
    return [
        Rate(currency, day, until, rate) for (day, rate), until in zip(rates, ends, strict=True)
    ]


def days_of(rates: Sequence[Rate], first: date, end: date) -> list[Rate]:
    """These rates as far as they hold between two days."""
    return [
        Rate(one.currency, max(one.first, first), min(one.end, end), one.rate)
        for one in rates
        if one.first < end and one.end > first
    ]
