"""Price lists, and the rules that change what they ask."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Expression, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from circulo.catalog.models.products import CURRENCY, Product
from circulo.catalog.reach import reaches
from circulo.lib import ids
from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User

Dated = TypeVar("Dated", bound=models.Model)
_IN_ORDER = Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on"))


class DatedQuerySet(models.QuerySet[Dated]):
    """What holds from a day on, to a day, or always; seen by whoever sees products."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def on(self, day: date | Expression) -> Self:
        """What is in use and holds on a day."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.in_use().filter(begun, Q(ends_on=None) | Q(ends_on__gte=day))

    def visible_to(self, user: User, act: str = "view") -> Self:
        """All for whoever may view (or edit) products, none for others."""
        return self if reaches(user, act) else self.none()


class PriceListQuerySet(DatedQuerySet["PriceList"]):
    """Price lists, as screens and prices ask for them."""


class PriceList(models.Model):
    """What products cost, in one currency, with or without tax; for everybody or for some.

    `for_contacts` and `for_companies` are criteria. Where either is said the list is for those who
    fulfil it, and for nobody else. Of several lists the one of the lowest rank counts; the default
    list of its currency comes last.
    """

    name = models.CharField(_("name"), max_length=100)
    currency = models.CharField(_("currency"), max_length=3)
    includes_tax = models.BooleanField(_("tax included"), default=False)
    for_contacts = models.JSONField(_("for these contacts"), null=True, blank=True)
    for_companies = models.JSONField(_("for these companies"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)
    is_default = models.BooleanField(_("default list"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="price_list_name_once"),
            models.UniqueConstraint(
                "currency", name="price_list_one_default", condition=Q(is_default=True)
            ),
            models.CheckConstraint(
                name="price_list_has_a_currency", condition=Q(currency__regex=CURRENCY)
            ),
            models.CheckConstraint(name="price_list_ends_after_it_began", condition=_IN_ORDER),
            models.CheckConstraint(
                name="price_list_default_is_for_everybody",
                condition=Q(is_default=False)
                | Q(
                    for_contacts=None,
                    for_companies=None,
                    starts_on=None,
                    ends_on=None,
                    is_active=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("price_list", self.pk)


class Price(models.Model):
    """What one unit of a product costs on a list, from a quantity on."""

    list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="prices")
    from_quantity = models.DecimalField(
        _("from quantity"), max_digits=12, decimal_places=3, default=0
    )
    amount = models.DecimalField(_("price"), max_digits=18, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "list", "product", "from_quantity", name="price_once_per_quantity"
            ),
            models.CheckConstraint(
                name="price_is_not_negative", condition=Q(amount__gte=0, from_quantity__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.amount}"


class CouponQuerySet(DatedQuerySet["Coupon"]):
    """Coupons, as screens and prices ask for them."""

    def usable(self, day: date | Expression) -> Self:
        """Those that hold on a day and were not used as often as they may be."""
        left = Q(most_uses=None) | Q(uses__lt=models.F("most_uses"))
        return self.on(day).filter(left)


class Coupon(models.Model):
    """A code that a customer shows to be given what a rule grants.

    It is used when somebody accepts what was priced with it, `most_uses` times at most where that
    is said.
    """

    code = models.CharField(_("code"), max_length=40)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    most_uses = models.PositiveIntegerField(_("uses at most"), null=True, blank=True)
    uses = models.PositiveIntegerField(_("uses"), default=0, editable=False)

    objects = CouponQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("code"), name="coupon_code_once"),
            models.CheckConstraint(name="coupon_has_a_code", condition=~Q(code="")),
            models.CheckConstraint(name="coupon_ends_after_it_began", condition=_IN_ORDER),
            models.CheckConstraint(
                name="coupon_is_good_for_some",
                condition=Q(most_uses=None) | Q(most_uses__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def public_id(self) -> str:
        return ids.encode("coupon", self.pk)

    @property
    def is_used_up(self) -> bool:
        return self.most_uses is not None and self.uses >= self.most_uses


class PriceRuleQuerySet(DatedQuerySet["PriceRule"]):
    """Price rules, as screens and prices ask for them."""


class PriceRule(models.Model):
    """What is taken off a price, of which products, for whom and when.

    Rules are applied by rank; `docs/decisions/0100` says exactly how. `value` is a percentage, an
    amount off each unit or the price of a unit; with `nth` every nth unit is free.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percentage off")
        AMOUNT = "amount", _("Amount off each unit")
        PRICE = "price", _("Fixed price of a unit")
        NTH_FREE = "nth_free", _("Every nth unit free")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("what it does"), max_length=8, choices=Kind)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    nth = models.PositiveSmallIntegerField(_("which unit is free"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("product"),
    )
    family = models.CharField(_("family"), max_length=100, blank=True, default="")
    party = models.ForeignKey(
        Party, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    for_contacts = models.JSONField(_("for these contacts"), null=True, blank=True)
    for_companies = models.JSONField(_("for these companies"), null=True, blank=True)
    coupon = models.ForeignKey(
        Coupon,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("coupon"),
    )
    from_quantity = models.DecimalField(
        _("from quantity"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    from_amount = models.DecimalField(
        _("from a total of"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)
    is_combinable = models.BooleanField(_("goes with other rules"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PriceRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="price_rule_has_the_value_of_its_kind",
                condition=Q(kind="percent", value__gt=0, value__lte=100, nth=None)
                | Q(kind="amount", value__gt=0, nth=None)
                | Q(kind="price", value__gte=0, nth=None)
                | Q(kind="nth_free", value=None, nth__gte=2),
            ),
            models.CheckConstraint(
                name="price_rule_amounts_have_a_currency",
                condition=Q(currency__regex=CURRENCY)
                | Q(kind__in=("percent", "nth_free"), from_amount=None, currency=""),
            ),
            models.CheckConstraint(
                name="price_rule_is_of_one_product_or_family",
                condition=Q(product=None) | Q(family=""),
            ),
            models.CheckConstraint(
                name="price_rule_is_for_one_or_by_criteria",
                condition=Q(party=None) | Q(for_contacts=None, for_companies=None),
            ),
            models.CheckConstraint(name="price_rule_ends_after_it_began", condition=_IN_ORDER),
            models.CheckConstraint(name="price_rule_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("price_rule", self.pk)
