"""Numbers as people type them: `1.234,50`, `1,234.50`, `1234.5`, `$ 1.234`."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid
from circulo.lib.format.numbers import Numbers

_LONGEST = 40
_NOISE = re.compile(r"[\s\u00a0\u202f'’_]|[€$£¥%]|^S/|\b[A-Z]{3}\b")
_PLAIN = re.compile(r"\d+")


def parse_number(text: str, style: Numbers, decimals: int | None = None) -> Decimal | None:
    """The number that a text means, or None for an empty one; Invalid where it is not clear.

    The signs of the user's region come first. Foreign signs are understood where the text cannot
    mean anything else: `1234.50` in Spain. With `decimals` (2 for euros) `1.234` is clear there
    too; without, it could be either, and the user is asked.
    """
    digits = _NOISE.sub("", text[: _LONGEST + 1].replace("−", "-"))
    if not digits:
        return None
    sign, digits = (digits[0], digits[1:]) if digits[0] in "+-" else ("", digits)
    here, there = _readings(digits, style)
    value = _choose(text, style, decimals, (here, there))
    return -value if sign == "-" else value


def _readings(digits: str, style: Numbers) -> tuple[Decimal | None, Decimal | None]:
    if len(digits) > _LONGEST:
        return None, None
    mark = style.decimal
    group = style.group if style.group in ".," else {",": ".", ".": ","}[mark]
    return _read(digits, group, mark), _read(digits, mark, group)


def _choose(
    text: str, style: Numbers, decimals: int | None, readings: tuple[Decimal | None, Decimal | None]
) -> Decimal:
    here, there = readings
    if there is not None and here is not None and decimals is not None and _fits(here, decimals):
        there = here
    value = there if here is None else here
    if value is None:
        raise Invalid({"": _("“%s” is not a number.") % text[:_LONGEST].strip()})
    if there is not None and there != value:
        choices = {"one": style.typed(value), "other": style.typed(there)}
        raise Invalid({"": _("Do you mean %(one)s or %(other)s? Write it that way.") % choices})
    if decimals is not None and not _fits(value, decimals):
        raise Invalid({"": _("At most %d decimals.") % decimals})
    return value


def _fits(value: Decimal, decimals: int) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimals


def _read(digits: str, group: str, mark: str) -> Decimal | None:
    """The number by one pair of signs, or None where they do not stand as they must."""
    whole, _, part = digits.partition(mark)
    if mark in digits and not (_all_digits(part)):
        return None
    groups = whole.split(group)
    if not all(_all_digits(piece) for piece in groups) and not (whole == "" and part):
        return None
    if len(groups) > 1 and not _grouped(groups):
        return None
    return Decimal(f"{''.join(groups) or '0'}.{part or '0'}" if part else "".join(groups))


def _grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _all_digits(text: str) -> bool:
    return text.isascii() and _PLAIN.fullmatch(text) is not None
