"""What is known of a party: one dated statement after the other, each kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids
from circulo.needs.models.topics import Sort, Topic
from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User

FREE = (Sort.LIKE, Sort.DISLIKE, Sort.NEED)


class PreferenceQuerySet(models.QuerySet["Preference"]):
    """Preferences, as lists ask for them."""

    def current(self) -> Self:
        """Those that hold: neither said anew since nor withdrawn."""
        return self.filter(ended_at=None)

    def ranked(self) -> Self:
        """What somebody put first, first; then what is felt most, then what was said last."""
        return self.order_by(F("rank").asc(nulls_last=True), "-strength_size", "-said_at", "pk")

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those of parties this person sees; to withdraw, one's own, or on parties one may edit."""
        rows = self.filter(party__in=Party.objects.visible_to(user))
        if user.reach("preferences", act) != Reach.ALL:
            rows = rows.filter(
                owned_within(
                    user, "preferences", act, owner="party__owner", territory="party__territory"
                )
            )
        if act == "view":
            return rows
        return rows.filter(Q(party__in=Party.objects.visible_to(user, "edit")) | Q(by=user.pk))


class Preference(models.Model):
    """What a party likes, dislikes, needs or prefers, as far as it was said, seen or heard.

    Of a topic it holds the answer in the column of its type; without one it is free text. What is
    said later supersedes it; `ended_at` says since when it does not hold any more.
    """

    class Source(models.TextChoices):
        ASKED = "asked", _("Asked")
        OBSERVED = "observed", _("Observed")
        TOLD = "told", _("Told by others")
        IMPORTED = "imported", _("Imported")

    party = models.ForeignKey(Party, models.CASCADE, related_name="preferences", db_index=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, related_name="preferences", db_index=False
    )
    sort = models.CharField(_("kind"), max_length=10, choices=Sort)
    text = models.CharField(_("in words"), max_length=300, blank=True, default="")
    picked = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    is_so = models.BooleanField(null=True)
    day = models.DateField(null=True)
    wording = models.TextField(editable=False)
    marks = ArrayField(models.CharField(max_length=90), default=list, editable=False)
    strength = models.SmallIntegerField(_("strength"), default=0)
    strength_size = models.GeneratedField(
        expression=models.Func(F("strength"), function="abs"),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.ASKED)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="preferences_noted"
    )
    said_at = models.DateTimeField(_("said"))
    noted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="superseded")

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "party", "topic", name="preference_one_of_a_topic",
                condition=Q(ended_at=None, topic__isnull=False),
            ),
            models.UniqueConstraint(
                "party", "sort", Lower("text"), name="preference_one_in_these_words",
                condition=Q(ended_at=None, topic=None),
            ),
            models.CheckConstraint(
                name="preference_says_something",
                condition=~Q(text="") | ~Q(picked=[]) | Q(amount__isnull=False)
                | Q(is_so__isnull=False) | Q(day__isnull=False),
            ),
            models.CheckConstraint(
                name="preference_in_words_is_free",
                condition=Q(topic__isnull=False)
                | Q(sort__in=[s.value for s in FREE]) & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="preference_strength_within", condition=Q(strength__range=(-2, 2))
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["party", "topic"], name="preference_of_party"),
            models.Index(fields=["topic", "party"], name="preference_of_topic"),
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def public_id(self) -> str:
        return ids.encode("preference", self.pk)
