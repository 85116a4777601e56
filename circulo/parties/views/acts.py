"""The small acts on a party: to the bin and back, and who can see it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from circulo.parties import actions
from circulo.parties.selectors import binned_party, readers_of
from circulo.parties.views.finding import find
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast

MOST_READERS = 60


@require_POST
@login_required
def bin_party(request: Request, identifier: str) -> HttpResponse:
    """Move a party to the bin; the toast takes it back."""
    party = find(request, identifier, "delete")
    actions.bin_parties([party.pk], by=request.user)
    toast(request, _("“%s” is in the bin.") % party.name, undo=undo_url())
    return swap(request, "parties/_binned.html", otherwise=f"/{party.resource}", party=party)


@require_POST
@login_required
def restore_party(request: Request, identifier: str) -> HttpResponse:
    """Take a party out of the bin again."""
    party = binned_party(request.user, identifier)
    if party is None:
        raise Http404
    actions.restore_parties([party.pk], by=request.user)
    toast(request, _("“%s” is back.") % party.name, undo=undo_url())
    return swap(request, "parties/_binned.html", otherwise=party.get_absolute_url(), party=party)


@require_GET
@login_required
def readers(request: Request, identifier: str) -> HttpResponse:
    """Who can see this record."""
    party = find(request, identifier)
    people = readers_of(party)
    template = "parties/_readers.html" if request.htmx else "parties/readers.html"
    return page(
        request,
        template,
        party=party,
        readers=people[:MOST_READERS],
        more=max(0, len(people) - MOST_READERS),
    )
