"""Sums, rules and dates as the pages of the catalogue say them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.translation import gettext as _

from circulo.catalog.models import Coupon, PriceList, PriceRule
from circulo.catalog.reach import reaches
from circulo.catalog.regions import region_in_words
from circulo.catalog.selectors.products import currency_of_the_firm
from circulo.catalog.selectors.whom import is_understood
from circulo.catalog.words import rule_in_words, sum_in_words
from circulo.lib import format as fmt
from circulo.records import criteria

register = template.Library()


@register.filter
def exact(value: Decimal) -> str:
    """A number with all its decimals, and no zeros behind it."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return fmt.number(value, max(0, -exponent))


@register.simple_tag
def whole_sum(amount: Decimal, currency: str) -> str:
    """An amount with all its decimals."""
    return sum_in_words(amount, currency)


@register.simple_tag
def firm_currency() -> str:
    """The currency that is meant where none is said."""
    return currency_of_the_firm()


@register.simple_tag
def of_family(family: str) -> str:
    """The criterion of the products of a family, as an address carries it."""
    return quote(criteria.written({"field": "family", "op": "is", "value": family}))


@register.simple_tag
def region_name(region: str) -> str:
    """What a region that taxes for itself is called."""
    return region_in_words(region)


@register.filter
def changes_taxes(user: Any) -> bool:
    """Whether somebody may say what is taxed where."""
    return reaches(user, "edit")


@register.simple_tag
def rule_words(rule: PriceRule) -> str:
    """What a rule does, of what and for whom."""
    return rule_in_words(rule)


@register.simple_tag
def problem_of(one: PriceList | PriceRule) -> str:
    """What keeps a list or a rule from counting, where something does."""
    return "" if is_understood(one) else _("For nobody: a field of its conditions is gone")


@register.simple_tag
def dates(one: PriceList | PriceRule | Coupon) -> str:
    """From when to when something holds, behind other words."""
    said = {"start": fmt.day(one.starts_on), "end": fmt.day(one.ends_on)}
    if one.starts_on and one.ends_on:
        return " · " + _("from %(start)s to %(end)s") % said
    if one.starts_on:
        return " · " + _("from %(start)s on") % said
    return " · " + _("until %(end)s") % said if one.ends_on else ""
