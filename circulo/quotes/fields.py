"""Quotes as lists, the API, exports and the criteria language see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.catalog.models import Product
from circulo.quotes.models import Quote, QuoteLine
from circulo.quotes.searching import holding
from circulo.records.resources import Field, Own, Resource, Type, named, register

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _statuses() -> dict[str, str | Promise]:
    return dict(Quote.Status.choices)


def _languages() -> dict[str, str | Promise]:
    return dict(Quote._meta.get_field("language").choices or ())


def _lines(user: User) -> QuerySet[Any]:
    return QuoteLine.objects.filter(product__in=Product.objects.visible_to(user))


FIELDS = named(
    [
        Field("number", _("Number"), sort_by="number"),
        Field("title", pgettext_lazy("quote", "Title")),
        Field("party", _("Contact"), Type.LINK, link="party"),
        Field("contact", _("For the attention of"), Type.LINK, link="party", is_column=False),
        Field("deal", _("Deal"), Type.LINK, link="deal", is_column=False),
        Field("status", _("Status"), Type.CHOICE, choices=_statuses, sort_by="status"),
        Field("net", _("Without tax"), Type.NUMBER),
        Field("total", _("Total"), Type.NUMBER, sort_by="total"),
        Field("total_at_home", _("Total in the currency of the firm"), Type.NUMBER,
              is_column=False),
        Field("currency", _("Currency"), is_column=False),
        Field("discount", _("Discount"), Type.NUMBER),
        Field("most_discount", _("Highest discount by hand"), Type.NUMBER),
        Field("margin", _("Margin %"), Type.NUMBER, path="margin_rate"),
        Field("valid_until", _("Valid until"), Type.DATE, sort_by="valid_until"),
        Field("owner", _("Owner"), Type.LINK, link="user"),
        Field("revision", _("Revision"), Type.NUMBER),
        Field("language", _("Language"), Type.CHOICE, choices=_languages, is_column=False),
        Field("products", _("Product"), path="product__name", related=_lines, back="quote",
              is_column=False),
        Field("sent_at", _("Sent"), Type.MOMENT),
        Field("seen_at", _("Seen by the customer"), Type.MOMENT),
        Field("decided_at", _("Decided"), Type.MOMENT),
        Field("created_by", _("Made by"), Type.LINK, link="user", is_column=False),
        Field("created_at", _("Created"), Type.MOMENT, sort_by="created_at"),
        Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
    ]
)  # fmt: skip
COLUMNS = ("number", "title", "party", "status", "total", "valid_until", "owner", "discount")


class _Quotes(Resource):
    """Quotes: their margin is hidden with the cost of products too."""

    def fields_for(self, user: User) -> dict[str, Field]:
        """The fields that this person's role may see."""
        found = super().fields_for(user)
        if "cost" not in user.hidden_fields("products"):
            return found
        return {name: one for name, one in found.items() if name != "margin"}


register(
    _Quotes(
        "quotes",
        "quotes",
        _("Quotes"),
        lambda user: Quote.objects.visible_to(user),
        FIELDS,
        "-updated_at",
        COLUMNS,
        model=Quote,
        seeking=holding,
        own=Own(),
    )
)
