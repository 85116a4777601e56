"""What calendar programs know of a person's records, and what of theirs has no place of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from circulo.parties.models import Party

if TYPE_CHECKING:
    from circulo.accounts.models import User


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own only."""
        return self.filter(user=user)

    def present(self) -> Self:
        return self.filter(is_gone=False)


class Member(models.Model):
    """A record as a member of one of a person's collections: its name there, and its last version.

    What is gone stays as a row, so that programs that ask what changed are told. `step` grows with
    every change; a program that knows all up to a step is told what has a later one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    collection = models.CharField(max_length=12, db_collation="C")
    key = models.BigIntegerField()
    name = models.CharField(max_length=255, db_collation="C")
    version = models.CharField(max_length=40, blank=True, default="", db_collation="C")
    step = models.BigIntegerField()
    is_gone = models.BooleanField(default=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "collection", "key", name="member_once"),
            models.UniqueConstraint(
                "user",
                "collection",
                "name",
                name="member_has_a_name_of_its_own",
                condition=models.Q(is_gone=False),
            ),
        ]
        indexes = [models.Index("user", "collection", "step", name="member_by_step")]

    def __str__(self) -> str:
        return self.name


class CardRest(models.Model):
    """What a person's program wrote on a card and a party has no place for: kept as it came."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+", db_index=False)
    uid = models.CharField(max_length=255, blank=True, default="", db_collation="C")
    lines = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint("party", "user", name="card_rest_once")]

    def __str__(self) -> str:
        return self.uid
