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
from circulo.records.models import Attachment
from circulo.sales.models import Deal, DealLine

MOST_KNOWN = 8


@dataclass(frozen=True)
class Goods:
    """The lines of a deal, in words and as they are kept."""

    kept: list[DealLine]
    names: dict[int, tuple[str, str]]
    drawn: list[DrawnGoods]
    totals: Totals


@dataclass(frozen=True)
class Known:
    """A product that is sold, what one should know of it, and its documents."""

    product: Product
    told: Knowledge
    files: list[Attachment]


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


def known_of(user: User, goods: Goods | None) -> list[Known]:
    """What is known of the products of a deal, of those of which anything is."""
    keys = list(dict.fromkeys(line.product_id for line in goods.kept)) if goods else []
    found = whole(Product.objects.visible_to(user).filter(pk__in=keys[:MOST_KNOWN])).in_bulk()
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(record_kind="product", record_id__in=found).order_by(
        "name", "pk"
    ):
        files.setdefault(file.record_id, []).append(file)
    language = get_language() or "es"
    told = [
        Known(found[key], knowledge_of(found[key], language), files.get(key, []))
        for key in keys
        if key in found
    ]
    return [one for one in told if one.files or not one.told.is_empty]
