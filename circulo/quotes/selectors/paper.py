"""How quotes of the firm look, and what they say at first."""

from __future__ import annotations

from circulo.quotes.models import QuotePaper


def paper() -> QuotePaper:
    """The paper of quotes, with the defaults of the house until somebody states it."""
    return QuotePaper.objects.filter(pk=1).first() or QuotePaper(pk=1)
