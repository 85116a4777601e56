"""How a firm asks: questionnaires, each held one question at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids
from circulo.needs.models.preferences import Preference
from circulo.needs.models.topics import AskedQuerySet, Topic, speaks_spanish
from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User


class Interview(models.Model):
    """A questionnaire: which topics are asked, in which order, on which conditions.

    Its questions are those of its present version; a sitting that began with another one goes on
    with that.
    """

    class Order(models.TextChoices):
        WRITTEN = "written", _("In the order written")
        VALUE = "value", _("The most valuable first")

    name_es = models.CharField(_("name in Spanish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    order = models.CharField(_("order"), max_length=7, choices=Order, default=Order.WRITTEN)
    is_for_contacts = models.BooleanField(_("held with contacts"), default=True)
    is_for_companies = models.BooleanField(_("held with companies"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AskedQuerySet["Interview"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interview_concerns_somebody",
                condition=Q(is_for_contacts=True) | Q(is_for_companies=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("interview", self.pk)

    @property
    def name(self) -> str:
        """What it is called in the language of who reads."""
        return self.name_es if speaks_spanish() else self.name_en


class Question(models.Model):
    """One question of one version of an interview, and the earlier answer that it depends on."""

    class Test(models.TextChoices):
        ALWAYS = "", _("always")
        IS = "is", _("if the answer is")
        IS_NOT = "is_not", _("if the answer is not")
        AT_LEAST = "at_least", _("if the answer is at least")
        AT_MOST = "at_most", _("if the answer is at most")

    interview = models.ForeignKey(
        Interview, models.CASCADE, related_name="questions", db_index=False
    )
    version = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions")
    if_topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    if_test = models.CharField(max_length=8, choices=Test, blank=True, default="")
    if_value = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "interview", "version", "topic", name="question_once_in_a_version"
            ),
            models.CheckConstraint(
                name="question_condition_is_whole",
                condition=Q(if_topic=None, if_test="", if_value="")
                | Q(if_topic__isnull=False) & ~Q(if_test="") & ~Q(if_value=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class SittingQuerySet(models.QuerySet["Sitting"]):
    """Sittings, as screens ask for them."""

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> Self:
        """Those with parties of which this person sees what they need, and may note it."""
        if not user.may("preferences", "create"):
            return self.none()
        rows = self.filter(party__in=Party.objects.visible_to(user))
        if user.reach("preferences") == Reach.ALL:
            return rows
        return rows.filter(
            owned_within(
                user, "preferences", "view", owner="party__owner", territory="party__territory"
            )
        )


class Sitting(models.Model):
    """An interview that is being held with a party, or was; without a template it asks what is
    worth most. It can be left and taken up again at any question.
    """

    class Channel(models.TextChoices):
        DESK = "desk", _("At the desk")
        PORTAL = "portal", _("In the portal")
        LINK = "link", _("By link")

    party = models.ForeignKey(Party, models.CASCADE, related_name="sittings")
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="sittings")
    version = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.DESK)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="sittings"
    )
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "party", "interview", name="sitting_one_open", nulls_distinct=False,
                condition=Q(ended_at=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.interview or self.party)

    @property
    def public_id(self) -> str:
        return ids.encode("sitting", self.pk)


class Asking(models.Model):
    """One question that was put to a party: answered, or left for another time."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="askings", db_index=False)
    party = models.ForeignKey(Party, models.CASCADE, related_name="askings", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="askings")
    preference = models.ForeignKey(Preference, models.SET_NULL, null=True, related_name="askings")
    was_answered = models.BooleanField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("sitting", "topic", name="asking_once_in_a_sitting"),
        ]
        indexes = [models.Index(fields=["party", "topic", "-asked_at"], name="asking_latest")]

    def __str__(self) -> str:
        return str(self.topic)
