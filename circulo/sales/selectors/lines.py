"""The lines of a deal as its page shows them, and what one should know of what is sold."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from circulo.accounts.models import User
from circulo.catalog.drawing_lines import DrawnGoods, Totals, draw_lines, draw_totals
from circulo.catalog.models import Product
from circulo.catalog.selectors.naming import names_of
from circulo.catalog.selectors.products import whole
from circulo.catalog.sheet import Knowledge, knowledge_of
from circulo.sales.models import Deal, DealLine

MOST_KNOWN = 8


@dataclass(frozen=True)
class Goods:
    """The lines of a deal, in words and as they are kept."""

    kept: list[DealLine]
    names: dict[int, tuple[str, str]]
    drawn: list[DrawnGoods]
    totals: Totals


def sees_lines(user: User) -> bool:
    """Whether a person may see what deals are about: products, and what they are sold for."""
    return bool(user.may("products", "view")) and "amount" not in user.hidden_fields("deals")


def goods_of(user: User, deal: Deal) -> Goods | None:
    """The lines of a deal; None where the role does not see them."""
    if not sees_lines(user):
        return None
    kept = list(DealLine.objects.filter(deal=deal).order_by("position", "pk"))
    names = names_of(user, (line.product_id for line in kept))
    drawn = draw_lines(kept, deal.currency, names)
    return Goods(kept, names, drawn, draw_totals(kept, deal.currency))


def known_of(user: User, goods: Goods | None) -> list[tuple[Product, Knowledge]]:
    """What is known of the products of a deal, of those of which anything is."""
    keys = list(dict.fromkeys(line.product_id for line in goods.kept)) if goods else []
    found = whole(Product.objects.visible_to(user).filter(pk__in=keys[:MOST_KNOWN])).in_bulk()
    language = get_language() or "es"
    told = [(found[key], knowledge_of(found[key], language)) for key in keys if key in found]
    return [(product, knowledge) for product, knowledge in told if not knowledge.is_empty]
