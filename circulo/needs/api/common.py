"""What the operations of needs share: finding, reading and refusing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.needs.models import Topic
from circulo.needs.selectors.parties import topic_of
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen
from circulo.records.rest import reading
from circulo.records.rest.operations import Call
from circulo.records.rest.refusals import Refused, forbidden, not_found


def gone() -> Refused:
    """What is not there, or not for this person."""
    return not_found(_("There is no such record."))


def refuse_all_but_administrators(call: Call) -> None:
    """What is asked is decided by administrators."""
    if not call.user.is_admin:
        raise forbidden(_("Only administrators may do this."))


def refuse_who_sees_none(call: Call) -> None:
    """Who may not see what customers need finds none of it."""
    if not call.user.may("preferences", "view"):
        raise gone()


def refuse_who_notes_none(call: Call) -> None:
    """Not everybody may note what customers need."""
    if not call.user.may("preferences", "create"):
        raise forbidden(_("You may not add records of this kind."))


def party(value: Any, user: User) -> Party:
    """The party of this identifier, where the person sees it."""
    key = ids.decode("party", value) if isinstance(value, str) else None
    seen = user.may("preferences", "view")
    found = party_seen(user, key) if seen else None
    if found is None:
        raise Invalid({"": _("There is no such record.")})
    return found


def topic(value: Any) -> Topic:
    """The topic with this key or identifier."""
    found = topic_of(reading.word(value))
    if found is None:
        raise Invalid({"": _("There is no such topic.")})
    return found


def whole(value: Any) -> int:
    """A whole number of a size that is kept."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2_000_000_000:
        raise Invalid({"": _("This must be a whole number.")})
    return value


def whole_or_none(value: Any) -> int | None:
    """A whole number, or none."""
    return None if value is None else whole(value)
