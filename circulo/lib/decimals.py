"""Numbers as other programs write them in JSON, read exactly."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid

MOST_DIGITS, MOST_DECIMALS = 15, 10


def decimal_of(value: Any) -> Decimal:
    """A number however JSON writes it; not a truth, not infinite, of few enough digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Invalid({"": _("This must be a number.")})
    try:
        number = Decimal(str(value).strip()[:60])
        bare = number.normalize() if number.is_finite() else None
    except DecimalException as error:
        raise Invalid({"": _("This must be a number.")}) from error
    if bare is None:
        raise Invalid({"": _("This must be a number.")})
    return _short(bare)


def _short(bare: Decimal) -> Decimal:
    """A JSON number carries fifteen digits exactly in every language; more would be lost."""
    _sign, digits, exponent = bare.as_tuple()
    assert isinstance(exponent, int)
    is_long = len(digits) > MOST_DIGITS or len(digits) + exponent > MOST_DIGITS
    if is_long or -exponent > MOST_DECIMALS:
        raise Invalid(
            {
                "": _("A number has at most %(digits)d digits, %(decimals)d of them decimals.")
                % {"digits": MOST_DIGITS, "decimals": MOST_DECIMALS}
            }
        )
    return bare
