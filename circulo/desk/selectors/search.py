"""What a search over everything finds: records by kind, then places to go and things to begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.agenda.selectors.entries import found_entries
from circulo.agenda.words import when_in_words
from circulo.leads.selectors.found import found_leads
from circulo.lib import ids
from circulo.lib.errors import Text
from circulo.lib.names import plain
from circulo.parties.models import Party, PartyKind
from circulo.parties.roster import Named
from circulo.parties.searching import best_keys
from circulo.quotes.selectors.found import found_quotes
from circulo.sales.selectors.found import found_deals
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
    keys = best_keys(user, text, limit=limit)
    if not keys:
        return []
    asked = prepared.statement("found", user, ("contacts", "companies"), _shown)
    rows = {row[0]: row for row in asked.rows(user, keys)}
    found = [rows[key] for key in keys if key in rows]
    groups = [
        Group(label, [_option(row) for row in found if row[1] == kind], name)
        for kind, name, label in KINDS
    ]
    return [group for group in groups if group.options]


def planned_for(user: User, text: str, *, limit: int) -> list[Group]:
    """What is still to happen whose title holds every word of a text."""
    found = found_entries(user, text, limit=limit)
    options = [
        {"url": entry.get_absolute_url(), "text": entry.title, "note": when_in_words(entry),
         "mark": entry.look.icon}
        for entry in found
    ]  # fmt: skip
    return [Group(_("Agenda"), options)] if options else []


def sold_for(user: User, text: str, *, limit: int) -> list[Group]:
    """The deals that hold every word of a text."""
    if not user.may("deals", "view"):
        return []
    options = [
        {"url": deal.get_absolute_url(), "text": deal.title, "mark": "target",
         "note": deal.stage.name if deal.is_open else str(deal.get_outcome_display())}
        for deal in found_deals(user, text, limit=limit)
    ]  # fmt: skip
    return [Group(_("Deals"), options, "deals")] if options else []


def offered_for(user: User, text: str, *, limit: int) -> list[Group]:
    """The quotes whose number and title hold every word of a text."""
    if not user.may("quotes", "view"):
        return []
    options = [
        {"url": quote.get_absolute_url(), "text": quote.called, "mark": "file-pen-line",
         "note": f"{quote.title} · {quote.get_status_display()}"}
        for quote in found_quotes(user, text, limit=limit)
    ]  # fmt: skip
    return [Group(_("Quotes"), options, "quotes")] if options else []


def came_for(user: User, text: str, *, limit: int) -> list[Group]:
    """The leads that hold every word of a text."""
    if not user.may("leads", "view"):
        return []
    options = [
        {"url": lead.get_absolute_url(), "text": str(lead), "mark": "inbox",
         "note": str(lead.get_status_display())}
        for lead in found_leads(user, text, limit=limit)
    ]  # fmt: skip
    return [Group(_("Leads"), options, "leads")] if options else []


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


def _shown(user: User) -> QuerySet[Any, Any]:
    """What is shown of the parties found, with the companies that this person may see."""
    seen = Party.objects.visible_to(user)
    company = Subquery(seen.filter(pk=OuterRef("company_id")).values("name"))
    found: QuerySet[Any, Any] = seen.filter(pk__in=prepared.among_keys()).values_list(
        "pk", "kind", "name", "job_title", "industry", company
    )
    return found


def _option(row: tuple[Any, ...]) -> dict[str, Any]:
    key, kind, name, job_title, industry, company = row
    is_organisation = kind == PartyKind.ORGANISATION
    place = "companies" if is_organisation else "contacts"
    note = " · ".join(filter(None, (job_title or industry, company)))
    url = f"/{place}/{ids.encode('party', key)}"
    return {"url": url, "text": name, "note": note, "party": Named(name, is_organisation)}
