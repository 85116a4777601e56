"""The filters of parties."""

from datetime import date

from django import template

from circulo.lib import format as fmt

register = template.Library()


@register.filter
def iso_day(text: str | None) -> str:
    """A day that came as JSON, as the reader writes it."""
    return fmt.day(date.fromisoformat(text), "medium") if text else ""
