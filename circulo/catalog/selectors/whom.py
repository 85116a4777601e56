"""For whom lists and rules are, as far as who asks may know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circulo.accounts.models import User
from circulo.accounts.selectors import house
from circulo.catalog.models import PriceList, PriceRule
from circulo.parties.models import Party
from circulo.records import criteria
from circulo.records.resources import resource

CRITERIA = {"for_contacts": "contacts", "for_companies": "companies"}


def is_for_some(one: PriceList | PriceRule) -> bool:
    """Whether it is for some customers only, whoever these are."""
    return bool(one.for_contacts or one.for_companies or getattr(one, "party_id", None))


def is_understood(one: PriceList | PriceRule) -> bool:
    """Whether its conditions still mean something; those of a field that is gone do not."""
    return all(
        criteria.is_told(resource(name), getattr(one, column), house())
        for column, name in CRITERIA.items()
    )


def criteria_told(user: User, one: PriceList | PriceRule) -> dict[str, Any]:
    """Its conditions, without those that ask for what this person may not see."""
    return {
        column: value if criteria.is_told(resource(name), value, user) else None
        for column, name in CRITERIA.items()
        for value in [getattr(one, column)]
    }


def parties_seen(user: User, rules: Sequence[PriceRule]) -> frozenset[int]:
    """The keys of the parties of some rules that this person sees; at most one statement."""
    keys = {rule.party_id for rule in rules if rule.party_id}
    rows = Party.objects.visible_to(user).filter(pk__in=keys)
    return frozenset(rows.values_list("pk", flat=True)) if keys else frozenset()
