"""Products: what the firm sells, what it consists of, and what a seller should know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circulo.catalog.reach import reaches
from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User

CURRENCY = r"^[A-Z]{3}$"


class TaxClass(models.TextChoices):
    """How a product is taxed; which rate that is depends on the region and the day."""

    GENERAL = "general", pgettext_lazy("tax", "General")
    REDUCED = "reduced", pgettext_lazy("tax", "Reduced")
    SUPER_REDUCED = "super_reduced", pgettext_lazy("tax", "Super-reduced")
    ZERO = "zero", pgettext_lazy("tax", "Zero")
    EXEMPT = "exempt", pgettext_lazy("tax", "Exempt")


class ProductQuerySet(models.QuerySet["Product"]):
    """Products, as lists ask for them."""

    def active(self) -> Self:
        """Those that are sold."""
        return self.filter(is_active=True)

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those that this person may view (or edit, or delete). Nobody owns a product: all or none
        are in somebody's reach.
        """
        return self if reaches(user, act) else self.none()


class Product(models.Model):
    """Something that the firm sells: a good, a service, or several of them as one.

    `name` and `description` are in the language of the firm; `translations` gives them in others,
    such as `{"en": {"name": …, "description": …}}`. A variant is a product of its own: it differs
    from `variant_of` by its attributes and falls back on its prices.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        SERVICE = "service", _("Service")
        BUNDLE = "bundle", _("Bundle")

    code = models.CharField(_("code"), max_length=60, blank=True, default="")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.PRODUCT)
    unit = models.CharField(_("unit"), max_length=30, blank=True, default="")
    family = models.CharField(_("family"), max_length=100, blank=True, default="")
    description = models.TextField(_("description"), blank=True, default="")
    translations = models.JSONField(_("in other languages"), default=dict, blank=True)
    tax_class = models.CharField(
        _("tax class"), max_length=13, choices=TaxClass, default=TaxClass.GENERAL
    )
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=4, null=True, blank=True)
    cost_currency = models.CharField(max_length=3, blank=True, default="")
    is_active = models.BooleanField(_("sold"), default=True)
    variant_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="variants",
        verbose_name=_("variant of"),
    )
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    sort_key = models.GeneratedField(
        expression=Func(F("name"), function="circulo_sort_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    name_key = models.GeneratedField(
        expression=Func(F("name"), function="circulo_product_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=Func(
            F("code"), F("name"), F("family"), F("translations"), function="circulo_product_search"
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(Upper("code"), name="product_code_once", condition=~Q(code="")),
            models.CheckConstraint(name="product_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="product_cost_has_its_currency",
                condition=Q(cost=None, cost_currency="")
                | Q(cost__gte=0, cost_currency__regex=CURRENCY),
            ),
            models.CheckConstraint(
                name="product_is_not_its_own_variant",
                condition=Q(variant_of=None) | ~Q(variant_of=F("id")),
            ),
            models.CheckConstraint(
                name="product_only_variants_have_attributes",
                condition=Q(variant_of__isnull=False) | Q(attributes={}),
            ),
        ]
        indexes = [
            models.Index("sort_key", "id", name="product_by_name"),
            models.Index(F("is_active").desc(), "sort_key", "id", name="product_as_listed"),
            models.Index("name_key", name="product_by_key"),
            models.Index("family", "sort_key", name="product_by_family"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="product_by_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("product", self.pk)

    @property
    def is_bundle(self) -> bool:
        return self.kind == self.Kind.BUNDLE

    def get_absolute_url(self) -> str:
        return f"/products/{self.public_id}"

    @property
    def shown_name(self) -> str:
        """Its name in the language of who reads."""
        return self.said_in(get_language() or "es", "name")

    @property
    def shown_description(self) -> str:
        """Its description in the language of who reads."""
        return self.said_in(get_language() or "es", "description")

    def said_in(self, language: str, what: str) -> str:
        """Its name or description in a language; as the firm says it where there is none."""
        told: dict[str, Any] = self.translations.get(language[:2]) or {}
        return str(told.get(what) or getattr(self, what))


class BundleItem(models.Model):
    """How much of a product is in a bundle."""

    bundle = models.ForeignKey(Product, models.CASCADE, related_name="items", db_index=False)
    item = models.ForeignKey(Product, models.PROTECT, related_name="in_bundles")
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("bundle", "item", name="bundle_holds_an_item_once"),
            models.CheckConstraint(
                name="bundle_does_not_hold_itself", condition=~Q(bundle=F("item"))
            ),
            models.CheckConstraint(name="bundle_holds_some", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.bundle}: {self.item}"


class ProductNote(models.Model):
    """Something to know of a product when one speaks of it with a customer."""

    class Kind(models.TextChoices):
        BENEFIT = "benefit", _("Benefit")
        OBJECTION = "objection", _("Objection")
        COMPETITOR = "competitor", _("Competitor")
        NOTE = "note", pgettext_lazy("of a product", "Note")

    product = models.ForeignKey(Product, models.CASCADE, related_name="notes")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    language = models.CharField(_("language"), max_length=2, blank=True, default="")
    text = models.CharField(_("text"), max_length=500)
    answer = models.TextField(_("answer"), blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="product_note_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="product_objection_has_its_answer",
                condition=Q(kind="objection") & ~Q(answer="")
                | Q(kind="competitor")
                | Q(kind__in=("benefit", "note"), answer=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ProductTie(models.Model):
    """What goes with a product, or in its place."""

    class Kind(models.TextChoices):
        COMPATIBLE = "compatible", _("Compatible")
        SUBSTITUTE = "substitute", _("Substitute")
        ACCESSORY = "accessory", _("Accessory")

    product = models.ForeignKey(Product, models.CASCADE, related_name="ties", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    other = models.ForeignKey(Product, models.CASCADE, related_name="tied_to")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("product", "kind", "other", name="product_tie_once"),
            models.CheckConstraint(
                name="product_tie_is_with_another", condition=~Q(product=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.get_kind_display()} {self.other}"
