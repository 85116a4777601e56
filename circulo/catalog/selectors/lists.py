"""Price lists, prices and rules as screens and other programs read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from circulo.accounts.models import User
from circulo.accounts.selectors import day_of_the_firm
from circulo.catalog.models import Coupon, Price, PriceList, PriceRule
from circulo.catalog.models.prices import PriceRuleQuerySet
from circulo.catalog.words import rule_in_words
from circulo.lib import ids


def seen_list(user: User, identifier: str) -> PriceList | None:
    """The price list of an identifier, where the person may see it."""
    key = ids.decode("price_list", identifier) or 0
    return PriceList.objects.visible_to(user).filter(pk=key).first()


def seen_rule(user: User, identifier: str) -> PriceRule | None:
    """The price rule of an identifier, where the person may see it."""
    key = ids.decode("price_rule", identifier) or 0
    return rules_in_order(user).filter(pk=key).first()


def seen_coupon(user: User, identifier: str) -> Coupon | None:
    """The coupon of an identifier, where the person may see it."""
    key = ids.decode("coupon", identifier) or 0
    return Coupon.objects.visible_to(user).filter(pk=key).first()


def coupons_in_order(user: User) -> QuerySet[Coupon]:
    """Every coupon, those in use first."""
    return Coupon.objects.visible_to(user).order_by("-is_active", "code")


def grants_of(rules: Iterable[PriceRule]) -> dict[int, str]:
    """What each coupon grants by these rules, in words, by its key."""
    found: dict[int, list[str]] = {}
    for rule in rules:
        if rule.coupon_id is not None:
            found.setdefault(rule.coupon_id, []).append(rule_in_words(rule))
    return {key: "; ".join(dict.fromkeys(words)) for key, words in found.items()}


def coupons_on_offer(user: User) -> dict[str, str]:
    """The coupons that can be used today, each with what it grants, as far as one sees prices."""
    day = day_of_the_firm()
    rows = rules_in_order(user).on(day).filter(coupon__in=Coupon.objects.usable(day))
    rules = list(rows.order_by("coupon__code", "rank", "pk"))
    codes = {rule.coupon_id: rule.coupon.code for rule in rules if rule.coupon}
    return {codes[key]: words for key, words in grants_of(rules).items()}


def lists_in_order(user: User) -> QuerySet[PriceList]:
    """Every list, those in use first and in the order in which they count."""
    return (
        PriceList.objects.visible_to(user)
        .annotate(priced=Count("prices__product", distinct=True))
        .order_by("-is_active", "is_default", "rank", "pk")
    )


def rules_in_order(user: User) -> PriceRuleQuerySet:
    """Every rule, those in use first and in the order in which they are tried."""
    rows = PriceRule.objects.visible_to(user).select_related("product", "party", "coupon")
    return rows.order_by("-is_active", "rank", "pk")


def page_of_prices(
    price_list: PriceList, *, after: str, limit: int
) -> tuple[list[Price], str | None]:
    """The next prices of a list by product and quantity; the identifier of the last product tells
    where to go on.
    """
    product, _sign, place = after.partition("-")
    key = ids.decode("product", product) or 0
    rows = Price.objects.filter(list=price_list).select_related("product")
    if place.isascii() and place.isdigit() and len(place) < 19:
        rows = rows.filter(Q(product__gt=key) | Q(product=key, pk__gt=int(place)))
    found = list(rows.order_by("product", "pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], f"{last.product.public_id}-{last.pk}"
