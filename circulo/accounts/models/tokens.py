"""Keys for other programs."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models.people import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person sees their own tokens only."""
        return self.filter(user=user)


class ApiToken(models.Model):
    """A key with which another program works with one person's rights; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100, blank=True, default="")
    hash = models.CharField(max_length=64, unique=True, db_collation="C")
    may_write = models.BooleanField(_("may write"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or f"{self.created_at:%Y-%m-%d}"
