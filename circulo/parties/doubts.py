"""What looks wrong but is kept all the same: warned of on the form and on the page of a party."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circulo.lib import countries, phones
from circulo.lib import format as fmt


def phone_doubt(value: str) -> str:
    """What to warn of in a stored number; nothing where it is whole."""
    if not _is_doubtful(value):
        return ""
    text = _("This does not look like a complete phone number of %(country)s; kept as written.")
    return text % {"country": _country()}


def phone_doubts(typed: list[str]) -> list[str]:
    """What to warn of in numbers as they are typed, each named; what is refused is not kept."""
    text = _("“%(number)s” does not look like a complete phone number of %(country)s."
             " It can be saved all the same.")  # fmt: skip
    named = [value.strip() for value in typed]
    return [text % {"number": value, "country": _country()}
            for value in named if _is_doubtful(value)]  # fmt: skip


def _is_doubtful(value: str) -> bool:
    has_digits = any(letter.isdigit() for letter in value)
    return has_digits and phones.parse(value, fmt.current().country) is None


def _country() -> str:
    return countries.name(fmt.current().country, get_language() or "es")
