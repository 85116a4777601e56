"""Quotes in words, and the tone of each status."""

from __future__ import annotations

from circulo.lib import format as fmt
from circulo.quotes.models import Quote

TONES = {
    "draft": "line", "waiting": "spark", "approved": "accent", "sent": "accent",
    "accepted": "good", "refused": "bad", "expired": "line", "replaced": "line",
    "withdrawn": "line",
}  # fmt: skip


def money_of(quote: Quote) -> str:
    """The total of a quote in its currency."""
    return fmt.money(quote.total, quote.currency)
