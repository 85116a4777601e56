"""The document of a quote."""

from __future__ import annotations

from circulo.quotes.models import Quote
from circulo.quotes.printing import print_quote


def sheet_for(quote: Quote) -> bytes:
    """What was sent, byte by byte; or how the quote would look if it were sent now."""
    if quote.file is not None:
        return quote.file.file.read_bytes()
    return print_quote(quote)
