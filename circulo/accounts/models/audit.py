"""What is kept of entering and of power: written once, never changed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models.people import User


class AuditQuerySet(models.QuerySet["Audit"]):
    """Entries of the log, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """Administrators and auditors see the whole log, others nothing."""
        return self if user.role_id in {"admin", "auditor"} else self.none()


class Audit(models.Model):
    """Who did what, when and from where. The database refuses to change or delete a row."""

    class What(models.TextChoices):
        LOGGED_IN = "logged_in", _("Logged in")
        LOGIN_FAILED = "login_failed", _("Failed to log in")
        LOGGED_OUT = "logged_out", _("Logged out")
        DENIED = "denied", _("Was refused")
        PASSWORD_CHANGED = "password_changed", _("Changed the password")
        LINK_MADE = "link_made", _("Made a one-time link")
        SESSION_ENDED = "session_ended", _("Ended a session")
        USER_ADDED = "user_added", _("Added a user")
        USER_CHANGED = "user_changed", _("Changed a user")
        TEAM_CHANGED = "team_changed", _("Changed the teams")
        RIGHTS_CHANGED = "rights_changed", _("Changed the rights of a role")
        FIRM_CHANGED = "firm_changed", _("Changed the firm")
        FIELD_CHANGED = "field_changed", _("Changed an own field")
        TOKEN_MADE = "token_made", _("Made an API token")
        TOKEN_REVOKED = "token_revoked", _("Revoked an API token")

    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=20, choices=What)
    who = models.CharField(max_length=254, blank=True)
    by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, db_constraint=False, related_name="audited"
    )
    address = models.GenericIPAddressField(null=True)
    about = models.CharField(max_length=254, blank=True)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="audit_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.who}"
