"""How pages write what deals say."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.lib import format as fmt
from circulo.sales.models import Deal

register = template.Library()


@register.simple_tag
def amount_of(deal: Deal) -> str:
    """The amount of a deal in its currency; a word where none is known yet."""
    return _("no amount yet") if deal.amount is None else fmt.money(deal.amount, deal.currency)


@register.simple_tag
def sum_of(amount: dict[str, str]) -> str:
    """An amount as the API tells it, in words."""
    return fmt.money(Decimal(amount["amount"]), amount["currency"])


@register.simple_tag(takes_context=True)
def may_sell(context: template.Context) -> bool:
    """Whether whoever looks may begin a deal."""
    return bool(context["request"].user.may("deals", "create"))


@register.simple_tag
def days(count: int) -> str:
    """A number of days in words."""
    return ngettext("%s day", "%s days", count) % fmt.number(count)


@register.filter
def strength_tone(strength: int) -> str:
    """The tone of a chip that says how strong a competitor is."""
    return {1: "good", 3: "bad"}.get(strength, "line")
