"""For whom lists and rules are, as far as who asks may know it."""

from __future__ import annotations

from collections.abc import Sequence

from circulo.accounts.models import User
from circulo.catalog.models import PriceList, PriceRule
from circulo.parties.models import Party


def is_for_some(one: PriceList | PriceRule) -> bool:
    """Whether it is for some customers only, whoever these are."""
    return bool(one.for_contacts or one.for_companies or getattr(one, "party_id", None))


def parties_seen(user: User, rules: Sequence[PriceRule]) -> frozenset[int]:
    """The keys of the parties of some rules that this person sees; at most one statement."""
    keys = {rule.party_id for rule in rules if rule.party_id}
    rows = Party.objects.visible_to(user).filter(pk__in=keys)
    return frozenset(rows.values_list("pk", flat=True)) if keys else frozenset()
