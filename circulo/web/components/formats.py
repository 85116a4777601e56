"""Numbers, money, days and moments as the reader writes them, by the one formatter of `lib.format`.

Templates use them as filters: `{{ sum|money:"EUR" }}`, `{{ call.at|moment }}`, `{{ share|percent }}`.
"""

from collections.abc import Sequence
from typing import Any

from circulo.lib import format as one

FILTERS = {
    "number": one.number,
    "money": one.money,
    "percent": one.percent,
    "day": one.day,
    "day_month": one.day_month,
    "near_day": one.near_day,
    "month": one.month,
    "weekday": one.weekday,
    "moment": one.moment,
    "clock": one.time,
    "ago": one.ago,
    "typed": one.typed_number,
}


def sum_of(value: Sequence[Any]) -> str:
    """An amount and its currency, as one text."""
    amount, currency = value
    return one.money(amount, currency)
