"""What is in the bin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.models import Lead
from circulo.parties.models import Party
from circulo.records.ledger import Change
from circulo.records.selectors import last_changed
from circulo.sales.models import Deal

PER_PAGE = 100


@dataclass(frozen=True)
class Binned:
    """Something in the bin as its page shows it, with who put it there where that is known; `url`
    takes it out, given the `id` where one is named.
    """

    table: str
    key: int
    name: str
    kind: str
    owner: str
    binned_at: datetime
    url: str
    id: str = ""
    by: str = ""


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
    latest = sorted(found, key=lambda one: one.binned_at, reverse=True)[: PER_PAGE + 1]
    keys: dict[str, list[int]] = {}
    for one in latest:
        keys.setdefault(one.table, []).append(one.key)
    known = last_changed(keys, column="binned_at")
    return [_told(one, known.get((one.table, one.key))) for one in latest]


def _told(one: Binned, change: Change | None) -> Binned:
    by = change.change_set.by if change else None
    return replace(one, by=by.name) if by else one


def _party(party: Party) -> Binned:
    kind = _("Contact") if party.is_person else _("Company")
    url = reverse("desk:restore")
    return _binned(party, "party", party.name, kind, url, party.public_id)


def _deal(deal: Deal) -> Binned:
    url = reverse("sales:restore", args=[deal.public_id])
    return _binned(deal, "deal", deal.title, _("Deal"), url)


def _lead(lead: Lead) -> Binned:
    url = reverse("leads:restore", args=[lead.public_id])
    return _binned(lead, "lead", str(lead), _("Lead"), url)


def _binned(
    row: Party | Deal | Lead, table: str, name: str, kind: str, url: str, id: str = ""
) -> Binned:
    assert row.binned_at is not None
    owner = row.owner.name if row.owner else ""
    return Binned(table, row.pk, name, kind, owner, row.binned_at, url, id)
