"""What the pages of forecasts draw: a quota with what is won and expected of it, and amounts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circulo.forecasts.selectors.page import CATEGORIES, Cell
from circulo.forecasts.selectors.tree import Figures
from circulo.lib import format as fmt
from circulo.lib import money
from circulo.sales.selectors.offered import forecasts_offered

register = template.Library()
WIDE, HIGH = 600, 30
_DRAWN = CATEGORIES[:3]


@register.simple_tag
def quota_bar(figures: Figures, currency: str) -> SafeString:
    """What is won, committed and hoped for, on the way to the quota."""
    amounts = [max(figures.of(category), Decimal()) for category in _DRAWN]
    top = max([sum(amounts, Decimal()), figures.quota or Decimal(), Decimal(1)])
    names = forecasts_offered()
    said = [(names[category], fmt.money(amount, currency))
            for category, amount in zip(_DRAWN, amounts, strict=True)]  # fmt: skip
    if figures.quota is not None:
        said.append((_("Quota"), fmt.money(figures.quota, currency)))
    parts, x = [], 0.0
    for category, amount in zip(_DRAWN, amounts, strict=True):
        length = float(amount / top) * WIDE
        parts.append((category, f"{x:.1f}", f"{length:.1f}"))
        x += length
    drawn = format_html_join("", '<rect class="{}" x="{}" y="5" width="{}" height="20"/>', parts)
    if figures.quota is not None:
        mark = f"{min(float(figures.quota / top) * WIDE, WIDE - 1):.1f}"
        drawn += format_html('<path class="mark" d="M{0} 0V30"/>', mark)
    label = fmt.joined(f"{name}: {amount}" for name, amount in said)
    return format_html(
        '<svg class="quota-bar" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        *(WIDE, HIGH, label, drawn),
    )


@register.simple_tag
def cell_of(cell: Cell, currency: str) -> SafeString:
    """An amount that leads to its deals, with what people added to it or took from it."""
    text = amount(cell.amount, currency)
    if cell.url:
        title = _("Show the deals")
        text = format_html('<a href="{}" title="{}">{}</a>', cell.url, title, text)
    if not cell.adjusted:
        return SafeString(text)
    changed = f"{'+' if cell.adjusted > 0 else ''}{amount(cell.adjusted, currency)}"
    return format_html('{} <small class="adjusted">{}</small>', text, changed)


@register.simple_tag
def amount(value: Any, currency: str) -> str:
    """An amount in whole units of its currency, rounded once, where it is shown."""
    if value is None:
        return "—"
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return fmt.money(money.rounded(exact, currency), currency)


@register.filter
def category(value: str) -> str:
    """A category as people call it."""
    return str(forecasts_offered()[value])


@register.filter
def days(value: float) -> str:
    """A number of days, in tenths where they are few."""
    return fmt.number(round(value, 1) if value < 10 else round(value))


@register.filter
def took(value: timedelta | None) -> str:
    """How long something took: minutes, then hours, then days."""
    if value is None:
        return "—"
    minutes = value / timedelta(minutes=1)
    if minutes < 90:
        return _("%s min") % fmt.number(round(minutes))
    if minutes < 48 * 60:
        return _("%s h") % fmt.number(round(minutes / 60, 1))
    return _("%s days") % fmt.number(round(value / timedelta(days=1), 1))


@register.filter
def signed_percent(value: Decimal) -> str:
    """A part as a percentage, with its sign."""
    return f"{'+' if value > 0 else ''}{fmt.percent(value, 0)}"


@register.filter
def rounded_percent(value: Decimal | float) -> str:
    """A part as a percentage without decimals."""
    return fmt.percent(value, 0)
