"""Forms that made a record, so that none makes two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from circulo.accounts.models import User


class SentFormQuerySet(models.QuerySet["SentForm"]):
    """Forms that were sent, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own ones only."""
        return self.filter(by=user)


class SentForm(models.Model):
    """A form that made a record: sent again, by a double click or a browser, it makes no other."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=80, db_collation="C")
    made = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("by", "key", name="form_counts_once")]
        indexes = [models.Index("created_at", name="sent_form_by_age")]

    def __str__(self) -> str:
        return self.key
