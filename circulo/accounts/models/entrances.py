"""How people get in: their sessions, one-time links, and the attempts that failed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Self

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models.people import User

# By a mark in what a browser says of itself; the first that fits is meant.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_of(agent: str) -> str:
    """What one calls a browser: `Firefox, Windows`."""
    found = [_first(agent, BROWSERS), _first(agent, SYSTEMS)]
    return ", ".join(filter(None, found)) or str(_("Unknown browser"))


def _first(agent: str, names: dict[str, str]) -> str:
    return next((name for mark, name in names.items() if mark in agent), "")


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person sees their own sessions only."""
        return self.filter(user=user, expire_date__gt=timezone.now())


class Session(AbstractBaseSession):
    """A browser that is logged in. The key is kept as a digest, so the table opens no door."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment,misc]  # Django's is replaced

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @property
    def browser(self) -> str:
        """What one calls the browser: `Firefox, Windows`."""
        return browser_of(self.agent)

    @classmethod
    def get_session_store_class(cls) -> type:
        from circulo.accounts.sessions import SessionStore

        return SessionStore


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    """One-time links, narrowed down."""

    def usable(self, now: datetime) -> Self:
        """Neither used nor too old, and of somebody who may still log in."""
        return self.filter(used_at=None, expires_at__gt=now, user__is_active=True)


class OneTimeLink(models.Model):
    """A link that lets one person choose a password once. Only a digest of it is kept."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("Password reset")

    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = OneTimeLinkQuerySet.as_manager()

    @staticmethod
    def digest_of(token: str) -> str:
        """What is kept of a token: random enough to need no salt."""
        return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.created_at:%Y-%m-%d}"


class Attempt(models.Model):
    """How often something was tried lately: logging in to one account, from one address."""

    key = models.CharField(max_length=80, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attempt_began_before_it_ended", condition=Q(since__lte=models.F("last_at"))
            )
        ]

    def __str__(self) -> str:
        return self.key
