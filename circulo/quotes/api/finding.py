"""Finding the quote that a call names, and answering with it as it stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.quotes.models import Quote
from circulo.quotes.selectors.quotes import may_do, seen_quote
from circulo.quotes.shown import quotes_shown
from circulo.records.rest.answers import answer, etag_of
from circulo.records.rest.operations import Call
from circulo.records.rest.refusals import forbidden, not_found


def seen(call: Call, act: str = "view") -> Quote:
    """The quote: 404 where it is not seen, 403 where it may not be touched."""
    quote = seen_quote(call.user, call.ids[0])
    if quote is None:
        raise not_found(_("There is no such record."))
    if act != "view" and not may_do(call.user, quote, act):
        raise forbidden(_("You may see this record, but not change it."))
    return quote


def told(user: User, key: int) -> dict[str, Any]:
    """The quote as it stands; whoever gave it out of their own sight learns its id alone."""
    found = quotes_shown(user, [key])
    return found[0] if found else {"id": ids.encode("quote", key)}


def answered(user: User, quote: Quote) -> HttpResponse:
    """The quote as it stands now, with its version."""
    said = told(user, quote.pk)
    return answer(said, etag=etag_of(said.get("version", quote.version + 1)))
