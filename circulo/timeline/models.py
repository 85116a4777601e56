"""The interaction: the one shared record of everything that happened with a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.timeline.kinds import CHANNELS, LOOKS, Kind, Look

if TYPE_CHECKING:
    from circulo.accounts.models import User


class InteractionQuerySet(models.QuerySet["Interaction"]):
    """Interactions, as timelines ask for them."""

    def of(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def newest_first(self) -> Self:
        return self.order_by("-occurred_at", "-pk")

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those of parties this person may view; a private one is its author's alone."""
        rows = self.shown_to(user)
        if user.reach("contacts") == user.reach("companies") == Reach.ALL:
            return rows.filter(party__binned_at=None)
        return rows.filter(party__in=Party.objects.visible_to(user))

    def shown_to(self, user: User) -> Self:
        """Of parties that this person sees already: all but what others keep for themselves."""
        return self.filter(Q(is_private=False) | Q(by=user.pk))


class Interaction(models.Model):
    """One thing that happened with a party. It is recorded once and never edited."""

    class Direction(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Sent")
        NONE = "", _("Neither")

    party = models.ForeignKey(Party, models.CASCADE, related_name="interactions", db_index=False)
    kind = models.CharField(
        max_length=40, choices=[(kind.value, look.label) for kind, look in LOOKS.items()]
    )
    channel = models.CharField(
        max_length=12, choices=list(CHANNELS.items()), blank=True, default=""
    )
    direction = models.CharField(max_length=3, choices=Direction, blank=True, default="")
    occurred_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="interactions",
        db_index=False,
    )
    subject = models.CharField(_("subject"), max_length=300, blank=True, default="")
    body = models.TextField(_("what happened"), blank=True, default="")
    about_kind = models.CharField(max_length=30, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, blank=True)
    source_key = models.CharField(max_length=300, null=True, db_collation="C")  # noqa: DJ001 (unique, absent is NULL)
    is_private = models.BooleanField(_("only for me"), default=False)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("source_key", name="interaction_once_per_source"),
            models.CheckConstraint(
                name="interaction_about_has_kind_and_key",
                condition=Q(about_kind="", about_id=None)
                | ~Q(about_kind="") & Q(about_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-occurred_at", "-id"], name="interaction_of_party"),
            models.Index(fields=["-occurred_at", "-id"], name="interaction_by_time"),
            models.Index(fields=["by", "-occurred_at", "-id"], name="interaction_by_author"),
            models.Index(
                "about_kind", "about_id", name="interaction_about", condition=~Q(about_kind="")
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.look.label)

    @property
    def public_id(self) -> str:
        return ids.encode("interaction", self.pk)

    def get_absolute_url(self) -> str:
        return f"/interactions/{self.public_id}"

    @property
    def look(self) -> Look:
        return LOOKS[Kind(self.kind)]
