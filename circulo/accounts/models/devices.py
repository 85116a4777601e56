"""The browsers that a person is told on while no page is open."""

from __future__ import annotations

from typing import Self

from django.db import models

from circulo.accounts.models.entrances import Session, browser_of
from circulo.accounts.models.people import User
from circulo.lib import ids
from circulo.lib.webpush import Subscription


class PushDeviceQuerySet(models.QuerySet["PushDevice"]):
    """Devices, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own only."""
        return self.filter(user=user)


class PushDevice(models.Model):
    """A browser that lets us tell its person something, and the keys to write to it.

    It ends with the session in which it was named: where nobody is logged in any more, nothing of
    ours is shown.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="devices")
    endpoint = models.CharField(max_length=1000, unique=True, db_collation="C")
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    agent = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)

    objects = PushDeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return browser_of(self.agent)

    @property
    def public_id(self) -> str:
        return ids.encode("device", self.pk)

    @property
    def subscription(self) -> Subscription:
        return Subscription(self.endpoint, self.p256dh, self.auth)
