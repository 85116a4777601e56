"""The mail: what is to reach people outside, once, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.channels.email.kinds import kinds
from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User


class MailQuerySet(models.QuerySet["Mail"]):
    """Mails, narrowed down."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those about what this person may view, or edit."""
        seen = Q(pk__in=[])
        for kind in kinds().values():
            records = kind.reachable(user, act).values("pk")
            seen |= Q(about_kind=kind.name, about_id__in=records)
        return self.filter(seen)

    def untouched(self, change_set: int) -> Self:
        """Those of an act that nobody began to send."""
        return self.filter(change_set=change_set, state="waiting", attempts=0)

    def about(self, kind: str, key: int) -> Self:
        """Those about one record, the newest first."""
        return self.filter(about_kind=kind, about_id=key).order_by("-pk")


class Mail(models.Model):
    """A mail that leaves once: born with the act that needs it, sent by the worker.

    Its `key` names that act, so that the same one makes it once. `readers` are its recipients, each
    with what the mail server said to it. Whoever sends it holds it until `lease_until`, by the
    clock of the database, and notes `handed_at` before the text is handed over: where the lease
    ends without a word after that, nobody knows whether it left, and a person decides.
    What a person sends waits for a moment, in which they may undo the act, known by its
    `change_set`: the mail is then no more.
    An `invitation` goes along as a calendar, which that of whoever reads the mail enters.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("mail", "Waiting")
        SENDING = "sending", pgettext_lazy("mail", "Leaving now")
        SENT = "sent", pgettext_lazy("mail", "Sent")
        REFUSED = "refused", pgettext_lazy("mail", "Not sent")
        IN_DOUBT = "in_doubt", pgettext_lazy("mail", "In doubt")

    about_kind = models.CharField(max_length=30)
    about_id = models.BigIntegerField()
    key = models.CharField(max_length=100, db_collation="C")
    message_id = models.CharField(max_length=255, db_collation="C")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    from_name = models.CharField(max_length=150, blank=True, default="")
    reply_to = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=5, default="es")
    readers: models.JSONField[Any, Any] = models.JSONField(default=list)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    files: models.JSONField[Any, Any] = models.JSONField(default=list)
    invitation = models.TextField(blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # The change set of the act, while the mail may still be called back with it.
    change_set = models.BigIntegerField(null=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True, default="")

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        constraints = [
            models.UniqueConstraint("key", name="mail_once_per_act"),
            models.UniqueConstraint("message_id", name="mail_message_id_once"),
            models.CheckConstraint(
                name="mail_leased_iff_sending",
                condition=Q(state="sending", lease_until__isnull=False)
                | ~Q(state="sending") & Q(lease_until=None),
            ),
            models.CheckConstraint(
                name="mail_ended_at_iff_over",
                condition=Q(state__in=["sent", "refused"], ended_at__isnull=False)
                | ~Q(state__in=["sent", "refused"]) & Q(ended_at=None),
            ),
        ]
        indexes = [
            models.Index("about_kind", "about_id", name="mail_about"),
            models.Index(
                "change_set", name="mail_change_set", condition=Q(change_set__isnull=False)
            ),
            models.Index("due_at", name="mail_due", condition=Q(state__in=["waiting", "sending"])),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def public_id(self) -> str:
        return ids.encode("mail", self.pk)
