"""What a program says of the end of a deal, beside everything else that it says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid
from circulo.records.rest import reading
from circulo.sales.actions.closing import MOST_NAME, MOST_NOTE
from circulo.sales.models import Deal, Reason
from circulo.sales.selectors.deals import reason_called

NAMES = ("outcome", "closed_at", "reason", "reason_note", "lost_to")
HIDDEN_WITH = {"reason_note": "reason", "lost_to": "rivals"}


def read_end(said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """What was said of the end, by name; Invalid gives a reason for each field."""
    hidden = by.hidden_fields("deals")
    with reading.collecting() as take:
        return {
            name: take(name, _read, name, value, HIDDEN_WITH.get(name, name) in hidden)
            for name, value in said.items()
            if name in NAMES
        }


def reason_said(value: Any) -> Reason | None:
    """The reason of an identifier, or none."""
    found = reason_called(reading.word(value)) if value is not None else None
    if value is not None and found is None:
        raise Invalid({"": _("There is no such reason.")})
    return found


def _read(name: str, value: Any, is_hidden: bool) -> Any:
    if is_hidden:
        raise Invalid({"": _("There is no such field here.")})
    if name == "outcome":
        return _outcome(value)
    if name == "closed_at":
        return reading.moment(value)
    if name == "reason":
        return reason_said(value)
    if name == "lost_to":
        return reading.prose(value, MOST_NAME)
    return reading.prose(value, MOST_NOTE)


def _outcome(value: Any) -> str:
    if reading.word(value) not in Deal.Outcome.values:
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(Deal.Outcome.values)})
    return str(value)
