"""What follows from a lead and from the clock, as expressions without joins."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from circulo.leads.models import Lead, LeadQuerySet
from circulo.leads.models.leads import UNANSWERED
from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User


def is_unanswered() -> Combinable:
    """Whether an open lead has had no answer yet."""
    return _is(When(UNANSWERED, then=Value(True)))


def is_overdue() -> Combinable:
    """Whether it should have been answered by now."""
    return _is(When(answer_key__lt=Now(), then=Value(True)))


def is_in_time() -> Combinable:
    """Whether it was answered before its time was up."""
    return _is(When(answered_at__lte=F("answer_due_at"), then=Value(True)))


def is_known() -> Combinable:
    """Whether it is known who it is: a contact or a company of ours."""
    return _is(When(party=None, company_party=None, then=Value(False)), default=True)


def is_known_to(user: User) -> Combinable:
    """Whether it is known who it is, by a contact or a company that this person sees."""
    seen = Party.objects.visible_to(user)
    return Exists(seen.filter(Q(pk=OuterRef("party_id")) | Q(pk=OuterRef("company_party_id"))))


def has_message() -> Combinable:
    """Whether they wrote something."""
    return _is(When(message="", then=Value(False)), default=True)


FOLLOWS = {
    "is_unanswered": is_unanswered,
    "is_overdue": is_overdue,
    "is_in_time": is_in_time,
    "is_known": is_known,
    "has_message": has_message,
}


@cache
def with_what_follows() -> LeadQuerySet:
    """Every lead with what follows from it to filter by; put together once."""
    return Lead.objects.alias(**{name: made() for name, made in FOLLOWS.items()})


def _is(case: When, *, default: bool = False) -> Case:
    return Case(case, default=Value(default), output_field=BooleanField())
