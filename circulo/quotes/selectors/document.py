"""The document of a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulo.parties.selectors import party_seen
from circulo.quotes.models import Quote
from circulo.quotes.printing import print_quote

if TYPE_CHECKING:
    from circulo.accounts.models import User


def sheet_for(quote: Quote, user: User | None = None) -> bytes:
    """What was sent, byte by byte; or how the quote would look if it were sent now, to somebody of
    the house without the tax id of the customer where their role does not see that.
    """
    if quote.file is not None:
        return quote.file.file.read_bytes()
    return print_quote(quote, tells_tax_id=user is None or _knows_tax_id(user, quote))


def _knows_tax_id(user: User, quote: Quote) -> bool:
    party = party_seen(user, quote.party_id)
    if party is None:
        return False
    kind = "companies" if party.is_organisation else "contacts"
    return "tax_id" not in user.hidden_fields(kind)
