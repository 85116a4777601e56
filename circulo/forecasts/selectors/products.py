"""What deals sell: the one place that says so, for all figures of sales.

A deal sells the products of its lines; one without lines is called after what it sells, as tables
of other programs bring it. What a deal of several lines brings is shared among them as their
prices are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from circulo.sales.models import Deal, DealLine
from circulo.sales.selectors.lines import sees_lines

if TYPE_CHECKING:
    from circulo.accounts.models import User

_EXACT = DecimalField(max_digits=40, decimal_places=15)


def sold(rows: QuerySet[Deal], user: User) -> QuerySet[Deal]:
    """Deals once for each product that they sell, with its name, what it brings, and which piece
    of the deal it is.

    Who may not see what deals are about knows them by their titles alone.
    """
    if not sees_lines(user):
        return rows.annotate(product_called=F("title"), brings=F("amount"), piece=Value(0))
    lines = DealLine.objects.filter(deal=OuterRef("pk")).order_by().values("deal")
    net = Subquery(lines.annotate(total=Sum("net")).values("total"), output_field=_EXACT)
    many = Subquery(lines.annotate(many=Count("pk")).values("many"))
    return rows.annotate(
        product_called=Coalesce(F("lines__product__name"), F("title")), priced=net, many_lines=many,
        piece=Coalesce(F("lines__pk"), Value(0)),
    ).annotate(
        brings=Case(
            When(lines=None, then=F("amount")),
            When(many_lines=1, then=F("amount")),
            When(priced__gt=0, then=ExpressionWrapper(
                F("amount") * F("lines__net") / F("priced"), _EXACT)),
            default=ExpressionWrapper(F("amount") / F("many_lines"), _EXACT),
            output_field=_EXACT,
        )
    )  # fmt: skip


def selling(name: str, user: User) -> list[dict[str, Any]]:
    """What the deals fulfil that sell a product."""
    titled = {"field": "title", "op": "is", "value": name}
    if not sees_lines(user):
        return [titled]
    has_none = {"field": "products", "op": "empty", "value": True}
    named = {"field": "products", "op": "is", "value": name}
    return [{"any": [named, {"all": [has_none, titled]}]}]
