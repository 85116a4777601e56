"""What is in the bin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.models import Lead
from circulo.parties.models import Party
from circulo.sales.models import Deal

PER_PAGE = 100


@dataclass(frozen=True)
class Binned:
    """Something in the bin as its page shows it; `url` takes it out, given the `id` where one is
    named.
    """

    name: str
    kind: str
    owner: str
    binned_at: datetime
    url: str
    id: str = ""


def in_bin(user: User) -> QuerySet[Party]:
    """The contacts and companies that this person may take out of the bin, the latest first."""
    rows = Party.objects.visible_to(user, "restore").select_related("owner")
    return rows.defer("search", "notes", "custom").order_by("-binned_at", "-pk")


def all_in_bin(user: User) -> list[Binned]:
    """The latest of what this person may take out of the bin: one more than a page holds."""
    deals = Deal.objects.visible_to(user, "restore").select_related("owner")
    leads = Lead.objects.visible_to(user, "restore").select_related("owner")
    found = chain(
        map(_party, in_bin(user)[: PER_PAGE + 1]),
        map(_deal, deals.order_by("-binned_at", "-pk")[: PER_PAGE + 1]),
        map(_lead, leads.order_by("-binned_at", "-pk")[: PER_PAGE + 1]),
    )
    return sorted(found, key=lambda one: one.binned_at, reverse=True)[: PER_PAGE + 1]


def _party(party: Party) -> Binned:
    kind = _("Contact") if party.is_person else _("Company")
    return _binned(party, party.name, kind, reverse("desk:restore"), party.public_id)


def _deal(deal: Deal) -> Binned:
    return _binned(deal, deal.title, _("Deal"), reverse("sales:restore", args=[deal.public_id]))


def _lead(lead: Lead) -> Binned:
    return _binned(lead, str(lead), _("Lead"), reverse("leads:restore", args=[lead.public_id]))


def _binned(row: Party | Deal | Lead, name: str, kind: str, url: str, id: str = "") -> Binned:
    assert row.binned_at is not None
    return Binned(name, kind, row.owner.name if row.owner else "", row.binned_at, url, id)
