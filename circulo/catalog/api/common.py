"""What the operations of the catalogue share: who may do what, and what is not there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from circulo.catalog.reach import adds, reaches
from circulo.records.rest.operations import Call
from circulo.records.rest.refusals import Refused, forbidden, not_found


def gone() -> Refused:
    """What is not there, or not for this person."""
    return not_found(_("There is no such record."))


def refuse_who_sees_none(call: Call) -> None:
    """Who may not see what is sold finds none of it."""
    if not reaches(call.user):
        raise forbidden(_("Your role does not allow this."))


def refuse_who_adds_none(call: Call) -> None:
    """Not everybody may add what is sold."""
    refuse_who_sees_none(call)
    if not adds(call.user):
        raise forbidden(_("You may not add records of this kind."))


def refuse_who_changes_none(call: Call) -> None:
    """Not everybody may change what is sold, and for how much."""
    if not reaches(call.user, "edit"):
        raise forbidden(_("You may see this record, but not change it."))
