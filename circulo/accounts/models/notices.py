"""What a person is told of, and of what they want to be told."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts import notices
from circulo.accounts.models.people import User
from circulo.lib import ids


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own only."""
        return self.filter(to=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """Something that a person is told: of which kind, about what, and whether they have read it.

    With a `source_key` the same thing is told to the same person only once.
    """

    to = models.ForeignKey(User, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    about_kind = models.CharField(max_length=30, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    source_key = models.CharField(max_length=200, null=True, db_collation="C")  # noqa: DJ001 (unique, absent is NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    digest = models.ForeignKey("Digest", models.SET_NULL, null=True, related_name="notifications")
    is_hidden = False  # whoever reads it may not see any more what it is about

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("to", "source_key", name="notification_told_once")]
        indexes = [
            models.Index(fields=["to", "-id"], name="notification_newest"),
            models.Index("to", name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def public_id(self) -> str:
        return ids.encode("notification", self.pk)

    @property
    def open_url(self) -> str:
        """The way to what it is about from outside; the page there marks it as read."""
        return f"{self.url or '/notifications'}#told-{self.public_id}"

    @property
    def icon(self) -> str:
        kind = notices.kinds().get(self.kind)
        return kind.icon if kind else "bell"

    @property
    def kind_label(self) -> str:
        """How people call its kind."""
        kind = notices.kinds().get(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def text(self) -> str:
        """What it says, in the language of whoever reads it."""
        if self.is_hidden:
            return str(_("Of something that you may not see any more"))
        kind = notices.kinds().get(self.kind)
        words: dict[str, Any] = self.words
        if kind is None:
            return str(words.get("title", ""))
        return str(kind.text) % _Blank(words | kind.more(words))


class _Blank(dict[str, Any]):
    """Words of which none is missed."""

    def __missing__(self, key: str) -> str:
        return "…"


class Digest(models.Model):
    """The letter of one day with what is new for a person. There is one a day at most.

    It is noted with its Message-ID before it is sent: whoever sends it again after a failure sends
    the same letter, which mail programs that know it already do not show twice.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="digests", db_index=False)
    day = models.DateField()
    message_id = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "day", name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}"


class NotificationChoice(models.Model):
    """Whether a person is told of one kind of thing here, by mail, and on their devices."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="notification_choices", db_index=False
    )
    kind = models.CharField(max_length=40)
    is_shown = models.BooleanField(_("here"), default=True)
    is_mailed = models.BooleanField(_("by e-mail"), default=False)
    is_pushed = models.BooleanField(_("on my devices"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint("user", "kind", name="notification_choice_once")]

    def __str__(self) -> str:
        return self.kind
