"""Which parties may be one and the same, and when that is sure enough to need nobody's look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids
from circulo.parties.models.parties import Party, PartyKind

if TYPE_CHECKING:
    from circulo.accounts.models import User


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    """Pairs of parties, as the queue asks for them."""

    def open(self) -> Self:
        """Those that nobody has decided on."""
        return self.filter(is_different=False)

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those of whose parties this person may view (or edit) both."""
        seen = Party.objects.visible_to(user, act)
        return self.filter(first__in=seen, second__in=seen)

    def likeliest_first(self) -> Self:
        return self.order_by("-probability", "pk")


class Duplicate(models.Model):
    """Two parties that are probably one, or of which somebody said that they are two."""

    first = models.ForeignKey(Party, models.CASCADE, db_index=False, related_name="+")
    second = models.ForeignKey(Party, models.CASCADE, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField(default=dict)
    is_different = models.BooleanField(default=False)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("first", "second", name="duplicate_once"),
            models.CheckConstraint(name="duplicate_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="duplicate_is_probable", condition=Q(probability__gte=0, probability__lte=1)
            ),
        ]
        indexes = [
            models.Index(
                F("probability").desc(), "id", name="duplicate_queue",
                condition=Q(is_different=False),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}"

    @property
    def public_id(self) -> str:
        return ids.encode("duplicate", self.pk)


class MergeRule(models.Model):
    """When two parties of a kind are merged without anybody's look; off until switched on."""

    class Agreement(models.TextChoices):
        NAME = "name", _("Name")
        TAX_ID = "tax_id", _("Tax id")
        EMAILS = "emails", _("E-mail")
        PHONES = "phones", _("Phone")
        BIRTHDAY = "birthday", _("Birthday")

    kind = models.CharField(max_length=12, choices=PartyKind, unique=True)
    is_on = models.BooleanField(default=False)
    least = models.FloatField(_("least probability"), default=0.99)
    agreements = ArrayField(
        models.CharField(max_length=10, choices=Agreement), default=list, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merge_rule_is_careful", condition=Q(least__gte=0.9, least__lte=1)
            ),
            models.CheckConstraint(
                name="merge_rule_asks_for_agreement",
                condition=Q(is_on=False) | ~Q(agreements=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class DuplicateSearch(models.Model):
    """One search for duplicates: when, how far it is, and what it found."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=12, choices=PartyKind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    step = models.CharField(max_length=200, blank=True, default="")
    records = models.BigIntegerField(default=0)
    looked_at = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    merged = models.BigIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind",
                name="duplicate_search_one_at_a_time",
                condition=Q(state__in=("waiting", "running")),
            )
        ]
        indexes = [models.Index(F("kind"), F("started_at").desc(), name="duplicate_search_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
