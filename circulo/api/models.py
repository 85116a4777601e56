"""What the API remembers: answers that may be asked for again."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from circulo.accounts.models import User


class StoredAnswerQuerySet(models.QuerySet["StoredAnswer"]):
    """Stored answers, narrowed down."""

    def visible_to(self, user: "User") -> Self:
        """A person's own ones only."""
        return self.filter(user=user)


class StoredAnswer(models.Model):
    """The first answer to a call with an Idempotency-Key, given again for 24 hours."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=255, db_collation="C")
    asked = models.CharField(max_length=64, db_collation="C")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    content = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    objects = StoredAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "key", name="stored_answer_once_per_key"),
        ]
        indexes = [models.Index("created_at", name="stored_answer_by_age")]

    def __str__(self) -> str:
        return self.key
