"""How pages say what quotes are."""

from __future__ import annotations

from django import template

from circulo.quotes.models import Quote

register = template.Library()


@register.simple_tag
def status_label(status: str) -> str:
    """A status as people call it."""
    return str(Quote.Status(status).label)
