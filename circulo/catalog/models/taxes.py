"""Taxes by region and day, what is withheld from a professional's bill, and exchange rates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Expression, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from circulo.catalog.models.products import CURRENCY, TaxClass
from circulo.catalog.reach import reaches
from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User

Dated = TypeVar("Dated", bound=models.Model)
_DAYS = Func(
    "starts_on",
    "ends_on",
    Value("[]"),
    function="daterange",
    output_field=DateRangeField(),
)


class RateQuerySet(models.QuerySet[Dated]):
    """Rates, as prices ask for them."""

    def on(self, day: date | Expression) -> Self:
        """Those that hold on a day."""
        begun = self.filter(starts_on__lte=day)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def visible_to(self, user: User, act: str = "view") -> Self:
        """All for whoever may view (or edit) products, none for others."""
        return self if reaches(user, act) else self.none()


class TaxRateQuerySet(RateQuerySet["TaxRate"]):
    """Tax rates, as prices and lists ask for them."""


class TaxRate(models.Model):
    """What a class of products is taxed with in a region, from a day on.

    A region is a country or a part of one that taxes otherwise: ES, ES-CN (the Canaries), ES-CE
    (Ceuta), ES-ML (Melilla), MX.
    """

    region = models.CharField(_("region"), max_length=6)
    tax = models.CharField(_("tax"), max_length=20)
    tax_class = models.CharField(_("tax class"), max_length=13, choices=TaxClass)
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=3)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-rate", "tax_class", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="tax_rate_is_a_percentage", condition=Q(rate__gte=0, rate__lte=100)
            ),
            models.CheckConstraint(
                name="tax_rate_has_a_region", condition=Q(region__regex=r"^[A-Z]{2}(-[A-Z]{2,3})?$")
            ),
            models.CheckConstraint(
                name="tax_rate_of_nothing_is_nothing",
                condition=~Q(tax_class__in=("zero", "exempt")) | Q(rate=0),
            ),
            ExclusionConstraint(
                name="tax_rate_one_at_a_time",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("tax_class", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tax} {self.rate.normalize():f} %"

    @property
    def public_id(self) -> str:
        return ids.encode("tax_rate", self.pk)


class WithholdingQuerySet(RateQuerySet["Withholding"]):
    """Withholding rates, as prices ask for them."""


class Withholding(models.Model):
    """What a customer keeps of a professional's bill and pays to the treasury (IRPF, ISR)."""

    region = models.CharField(_("region"), max_length=6)
    key = models.SlugField(_("key"), max_length=30)
    name = models.CharField(_("name"), max_length=60)
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=3)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-rate", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="withholding_is_a_percentage", condition=Q(rate__gt=0, rate__lte=100)
            ),
            ExclusionConstraint(
                name="withholding_one_at_a_time",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("withholding", self.pk)


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Exchange rates, as prices and lists ask for them."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """All for whoever may view (or edit) products, none for others."""
        return self if reaches(user, act) else self.none()


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in another on a day; it holds until a later one."""

    currency = models.CharField(_("currency"), max_length=3)
    target = models.CharField(_("into"), max_length=3)
    day = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        ordering = ["currency", "target", "-day"]
        constraints = [
            models.UniqueConstraint("currency", "target", "day", name="exchange_rate_once_a_day"),
            models.CheckConstraint(
                name="exchange_rate_is_between_currencies",
                condition=Q(currency__regex=CURRENCY, target__regex=CURRENCY, rate__gt=0)
                & ~Q(currency=models.F("target")),
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.target}"

    @property
    def public_id(self) -> str:
        return ids.encode("exchange_rate", self.pk)
