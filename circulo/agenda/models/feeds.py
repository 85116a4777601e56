"""The secret addresses under which other calendars read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from circulo.accounts.models import User


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own only."""
        return self.filter(user=user)


class Feed(models.Model):
    """The secret address under which another calendar reads one person's agenda."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
