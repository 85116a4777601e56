"""Finding the party that an address names, within what the person may do with it."""

from django.http import Http404

from circulo.lib import ids
from circulo.parties.models import Party
from circulo.web import Request


def find(request: Request, identifier: str, act: str = "view", kind: str = "") -> Party:
    """The party, or 404 where this person may not do this with it."""
    rows = Party.objects.visible_to(request.user, act).select_related("owner", "company")
    if kind:
        rows = rows.filter(kind=kind)
    party = rows.filter(pk=ids.decode("party", identifier) or 0).first()
    if party is None:
        raise Http404
    return party
