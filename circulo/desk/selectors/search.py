"""What a search over everything finds: records by kind, then places to go and things to begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from circulo.accounts.models import User
from circulo.lib.errors import Text
from circulo.lib.names import plain
from circulo.parties.models import Party, PartyKind
from circulo.parties.searching import search_parties
from circulo.web import menu

KINDS = ((PartyKind.PERSON, "contacts", lazy("Contacts")),
         (PartyKind.ORGANISATION, "companies", lazy("Companies")))  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What was found of one kind, and the list that shows all of it."""

    label: Text
    options: list[dict[str, Any]] = field(default_factory=list)
    name: str = ""


def found_for(user: User, text: str, *, limit: int) -> list[Group]:
    """What this person may see that fits a text, best first within each kind."""
    parties = search_parties(user, text, limit=limit)
    seen = _names_of_companies(user, parties)
    groups = [
        Group(label, [_option(p, seen) for p in parties if p.kind == kind], name)
        for kind, name, label in KINDS
    ]
    return [group for group in groups if group.options]


def places_for(user: User, text: str) -> list[Group]:
    """Pages and acts whose name holds every word of a text; "new contact" finds the act too."""
    words = plain(text).split()
    groups = []
    new = plain(pgettext("menu", "New"))
    for label, place, said in ((_("Acts"), "new", new), (_("Pages"), "side", "")):
        options = [
            {"url": entry.url, "text": entry.label, "mark": entry.icon}
            for entry in menu.open_to(user, place)
            if words and all(word in f"{said} {plain(str(entry.label))}" for word in words)
        ]
        groups.append(Group(label, options))
    return [group for group in groups if group.options]


def _names_of_companies(user: User, parties: list[Party]) -> dict[int, str]:
    """The companies these people work at, as far as this person may see them."""
    keys = {party.company_id for party in parties if party.company_id}
    if not keys:
        return {}
    return dict(Party.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "name"))


def _option(party: Party, companies: dict[int, str]) -> dict[str, Any]:
    company = companies.get(party.company_id or 0, "")
    note = " · ".join(filter(None, (party.job_title or party.industry, company)))
    return {"url": party.get_absolute_url(), "text": party.name, "note": note, "party": party}
