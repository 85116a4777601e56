"""Fields that administrators give to kinds of records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User


class OwnFieldQuerySet(models.QuerySet["OwnField"]):
    """Own fields, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees records of a kind sees its fields, but for those their role is denied."""
        denied = Q(pk__in=())
        for resource in self.values_list("resource", flat=True).distinct().order_by():
            hidden = user.hidden_fields(resource)
            keys = [name.removeprefix(OWN) for name in hidden if name.startswith(OWN)]
            denied |= Q(resource=resource, key__in=keys)
            if not user.may(resource, "view"):
                denied |= Q(resource=resource)
        return self.exclude(denied)

    def active(self) -> Self:
        return self.filter(retired_at=None)

    def in_order(self) -> Self:
        return self.order_by("resource", "position", "pk")


OWN = "custom."


class OwnField(models.Model):
    """A field that an administrator gave to a kind of record; its values lie in `custom`."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        MOMENT = "moment", _("Date and time")
        TIME = "time", _("Time of day")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        YES_NO = "yes_no", _("Yes or no")
        LINK = "link", _("Link to a record")
        FILE = "file", _("File")
        COMPUTED = "computed", _("Computed")

    class Step(models.TextChoices):
        """What the house still has to do so that the records are as the field says."""

        CONVERT = "convert", _("converting values")
        REMOVE = "remove", _("removing values")
        SEARCH = "search", _("preparing search")
        INDEX = "index", _("preparing sorting and filtering")

    class Target(models.TextChoices):
        CONTACT = "contact", pgettext_lazy("link to", "A contact")
        COMPANY = "company", _("A company")
        USER = "user", _("A colleague")
        LEAD = "lead", pgettext_lazy("link to", "A lead")
        DEAL = "deal", pgettext_lazy("link to", "A deal")
        QUOTE = "quote", pgettext_lazy("link to", "A quote")
        PRODUCT = "product", pgettext_lazy("link to", "A product")

    resource = models.CharField(max_length=30)
    key = models.CharField(_("key"), max_length=40)
    kind = models.CharField(_("holds"), max_length=10, choices=Kind)
    label_es = models.CharField(_("label in Spanish"), max_length=60)
    label_en = models.CharField(_("label in English"), max_length=60, blank=True, default="")
    help_es = models.CharField(_("help in Spanish"), max_length=200, blank=True, default="")
    help_en = models.CharField(_("help in English"), max_length=200, blank=True, default="")
    section = models.CharField(_("section of the form"), max_length=60, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    choices = models.JSONField(default=list)
    default = models.JSONField(null=True)
    target = models.CharField(_("link to"), max_length=7, choices=Target, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    formula = models.TextField(_("formula"), blank=True, default="")
    gives = models.CharField(max_length=6, blank=True, default="")
    is_required = models.BooleanField(_("required"), default=False)
    is_searchable = models.BooleanField(_("found by search"), default=False)
    is_fast = models.BooleanField(_("sorts and filters fast"), default=False)
    index = models.TextField(default="")
    pending = ArrayField(models.CharField(max_length=7, choices=Step), default=list)
    was = models.JSONField(default=dict)
    done_up_to = models.BigIntegerField(default=0)
    trouble = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnFieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("resource", "key", name="own_field_key_is_unique"),
            models.CheckConstraint(
                name="own_field_key_is_plain", condition=Q(key__regex=r"^[a-z][a-z0-9_]*$")
            ),
            models.CheckConstraint(
                name="own_field_computes_iff_computed",
                condition=Q(kind="computed") ^ Q(formula=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """What criteria, columns, imports and rights call it."""
        return OWN + self.key

    @property
    def public_id(self) -> str:
        return ids.encode("field", self.pk)

    @property
    def label(self) -> str:
        is_english = (get_language() or "es").startswith("en")
        return self.label_en if is_english and self.label_en else self.label_es

    @property
    def both_labels(self) -> str:
        """The label in the language of whoever reads it, whenever that is."""
        return own_label(self)

    @property
    def help(self) -> str:
        is_english = (get_language() or "es").startswith("en")
        return self.help_en if is_english and self.help_en else self.help_es

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def is_computed(self) -> bool:
        return self.kind == self.Kind.COMPUTED

    def labels(self) -> dict[str, str]:
        """Its choices with what they are called, in order, those taken out of use too."""
        word = "en" if (get_language() or "es").startswith("en") else "es"
        return {one["key"]: one.get(word) or one["es"] for one in self.choices}

    def offered(self) -> dict[str, str]:
        """The choices that are in use."""
        gone = {one["key"] for one in self.choices if one.get("gone")}
        return {key: label for key, label in self.labels().items() if key not in gone}


def _label(field: OwnField) -> str:
    return field.label


own_label: Callable[[OwnField], str] = lazy(_label, str)
