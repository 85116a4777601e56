"""Who wants to hear of what happens with a party."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from circulo.accounts.models import User
from circulo.parties.models.parties import Party


class FollowQuerySet(models.QuerySet["Follow"]):
    """Follows, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own, of parties that they see."""
        return self.filter(user=user, party__in=Party.objects.visible_to(user))


class Follow(models.Model):
    """A person follows a party: what colleagues do with it, they are told.

    It gives no right: what somebody may not see any more, they are not told of.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows", db_index=False
    )
    party = models.ForeignKey(Party, models.CASCADE, related_name="follows", db_index=False)
    since = models.DateTimeField(auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("party", "user", name="follow_once")]
        indexes = [models.Index(fields=["user", "-id"], name="follow_newest")]

    def __str__(self) -> str:
        return str(self.party)
