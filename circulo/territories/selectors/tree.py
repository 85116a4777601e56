"""Reads over the tree for its pages: what each territory holds, and what its rules say."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from circulo.accounts.models import BY_NAME, Territory, User
from circulo.accounts.territory_tree import in_order
from circulo.lib import ids
from circulo.parties.models import Party, PartyKind
from circulo.sales.models import Deal

_HELD = """
    SELECT territory_id, kind, count(*) FROM parties_party
    WHERE binned_at IS NULL AND territory_id IS NOT NULL GROUP BY 1, 2
"""


@dataclass
class Place:
    """A territory where it stands in the tree, with what lies in it and within it."""

    territory: Territory
    people: list[User]
    companies: int = 0
    contacts: int = 0

    @property
    def depth(self) -> int:
        return self.territory.depth


@dataclass(frozen=True)
class Holding:
    """What a person sees of what lies in a territory and within it."""

    companies: int
    contacts: int
    by_hand: int
    deals: int
    amounts: dict[str, Decimal] = field(default_factory=dict)


def territories() -> QuerySet[Territory]:
    """Every territory, with who manages it and what it lies in."""
    return Territory.objects.select_related("manager", "parent")


def territory_called(identifier: str) -> Territory | None:
    """The territory of this identifier."""
    return territories().filter(pk=ids.decode("territory", identifier) or 0).first()


def places() -> list[Place]:
    """The tree as a person reads it, each territory with how many lie in it and within it."""
    rows = in_order(territories().prefetch_related("members"))
    found = [Place(one, sorted(one.members.all(), key=lambda user: user.name)) for one in rows]
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        held = cursor.fetchall()
    by_key = {place.territory.pk: place for place in found}
    for key, kind, count in held:
        for around in map(int, filter(None, by_key[key].territory.path.split("/"))):
            if kind == PartyKind.PERSON:
                by_key[around].contacts += count
            else:
                by_key[around].companies += count
    return found


def siblings_of(territory: Territory) -> list[Territory]:
    """Those that lie where a territory does, in the order in which they are asked."""
    return list(Territory.objects.filter(parent=territory.parent_id).in_order())


def held_by(territory: Territory, user: User) -> Holding:
    """What a person sees of what lies in a territory and within it."""
    inside = Q(territory__in=Territory.objects.below(territory))
    parties = Party.objects.visible_to(user).filter(inside)
    counts = dict(parties.order_by().values_list("kind").annotate(Count("pk")))
    deals = Deal.objects.visible_to(user).filter(
        party__territory__in=Territory.objects.below(territory), outcome=Deal.Outcome.OPEN
    )
    sums = deals.order_by().values_list("currency").annotate(Count("pk"), Sum("amount"))
    rows: list[tuple[str, int, Decimal | None]] = list(sums)
    sees_amounts = "amount" not in user.hidden_fields("deals")
    return Holding(
        counts.get(PartyKind.ORGANISATION, 0),
        counts.get(PartyKind.PERSON, 0),
        parties.filter(pinned_territory__isnull=False).count(),
        sum(count for _currency, count, _amount in rows),
        {c: amount for c, _count, amount in rows if amount and sees_amounts},
    )


def people() -> QuerySet[User]:
    """Who can work in a territory: whoever may log in, by name."""
    return User.objects.filter(is_active=True).order_by(*BY_NAME)


def filter_of(territory: Territory) -> dict[str, Any]:
    """The criterion that finds what lies in a territory and within it."""
    return {"field": "territory", "op": "within", "value": [territory.public_id]}
