"""A line of what is sold, as a deal or a quote keeps it: what was wanted, and what it came to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.catalog.models.products import TaxClass

# What a line says of its price: each follows from the others and from the product.
PRICED_TOGETHER = ("product_id", "quantity", "unit", "price", "discount", "unit_price", "listed",
                   "net", "tax", "includes_tax", "is_priced", "tax_class", "tax_name", "tax_rate",
                   "steps")  # fmt: skip
_MONEY: dict[str, Any] = {"max_digits": 22, "decimal_places": 4, "default": Decimal}


class PricedGoods(models.Model):
    """So much of something, with its price as it was made once and the steps that led there.

    `price` is the unit price that somebody typed, where one did, and `discount` the percentage that
    somebody gave; lines stand in the order of `position`, which leaves room between any two;
    `unit_price` and all that follows from it is what the prices of the firm said.
    """

    position = models.FloatField(_("place"), default=0)
    description = models.CharField(_("description"), max_length=500, blank=True, default="")
    quantity = models.DecimalField(_("quantity"), max_digits=13, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=30, blank=True, default="")
    price = models.DecimalField(
        _("price by hand"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    discount = models.DecimalField(
        _("discount"), max_digits=6, decimal_places=3, default=Decimal, blank=True
    )
    unit_price = models.DecimalField(
        _("unit price"), max_digits=22, decimal_places=4, default=Decimal
    )
    listed = models.DecimalField(_("before discounts"), **_MONEY)
    net = models.DecimalField(_("without tax"), **_MONEY)
    tax = models.DecimalField(_("tax"), **_MONEY)
    includes_tax = models.BooleanField(default=False)
    is_priced = models.BooleanField(default=False)
    tax_class = models.CharField(max_length=13, choices=TaxClass, default=TaxClass.GENERAL)
    tax_name = models.CharField(max_length=20, blank=True, default="")
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    steps: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_of_something", condition=Q(quantity__gt=0)
            ),
            models.CheckConstraint(
                name="%(class)s_discount_is_a_percentage",
                condition=Q(discount__gte=0, discount__lte=100),
            ),
        ]  # fmt: skip

    @property
    def gross(self) -> Decimal:
        """What is to be paid for it."""
        return self.net + self.tax

    @property
    def amount(self) -> Decimal:
        """What it came to as its list counts: with tax where that includes it."""
        return self.gross if self.includes_tax else self.net

    @property
    def is_reduced(self) -> bool:
        """Whether a rule or somebody took something off."""
        return self.amount != self.listed
