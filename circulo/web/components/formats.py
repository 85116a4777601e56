"""Numbers, money, days and moments as the reader writes them, by the formatter of `lib.format`.

Templates use them as filters: `{{ sum|money:"EUR" }}`, `{{ call.at|moment }}`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from circulo.lib import format as one

FILTERS: dict[str, Callable[..., str]] = {
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


def breakable(value: Any) -> SafeString:
    """A text that may break before the @ of an e-mail rather than anywhere."""
    return SafeString(conditional_escape(value).replace("@", "<wbr>@"))
