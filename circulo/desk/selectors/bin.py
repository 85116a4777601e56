"""What is in the bin."""

from __future__ import annotations

from django.db.models import QuerySet

from circulo.accounts.models import User
from circulo.parties.models import Party

PER_PAGE = 100


def in_bin(user: User) -> QuerySet[Party]:
    """What this person may take out of the bin, the latest first."""
    rows = Party.objects.visible_to(user, "restore").select_related("owner")
    return rows.defer("search", "notes", "custom").order_by("-binned_at", "-pk")
