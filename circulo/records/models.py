"""What every record has: files attached to it, and the files it was brought in by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids
from circulo.records.ledger import Change, ChangeSet, Clash

if TYPE_CHECKING:
    from circulo.accounts.models import User

__all__ = [
    "SAFE_IMAGES",
    "Attachment",
    "AttachmentVersion",
    "Change",
    "ChangeSet",
    "Clash",
    "Load",
    "LoadRefusal",
    "SentForm",
]
SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Attachment(models.Model):
    """A file that belongs to a record; who may see the record may see the file."""

    record_kind = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, unique=True)
    number = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index("record_kind", "record_id", name="attachment_by_record")]
        constraints = [
            models.CheckConstraint(name="attachment_has_a_size", condition=Q(size__gte=0))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("file", self.pk)

    @property
    def url(self) -> str:
        return f"/files/{self.public_id}"

    @property
    def file(self) -> Path:
        """Where it lies."""
        return Path(settings.HOME) / "media" / self.path

    @property
    def is_image(self) -> bool:
        """Whether a page may show it: images whose first bytes were looked at, nothing active."""
        return self.content_type in SAFE_IMAGES

    @property
    def mark(self) -> str:
        """The icon it goes by."""
        return "image" if self.is_image else "paperclip"

    @property
    def page_url(self) -> str:
        """Its own page: how it looks, its versions, its name."""
        return f"{self.url}/about"


class AttachmentVersion(models.Model):
    """A file as it was before a newer version took its place; nothing of it is ever changed."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="versions")
    record_kind = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("attachment", "number", name="attachment_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def file(self) -> Path:
        """Where it lies."""
        return Path(settings.HOME) / "media" / self.path


class LoadQuerySet(models.QuerySet["Load"]):
    """Loads, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """Everyone sees their own; administrators see all."""
        return self if user.is_admin else self.filter(by=user)

    def unfinished(self) -> Self:
        """Those that were begun and have not come to an end."""
        return self.filter(state=Load.State.RUNNING)


class Load(models.Model):
    """A file brought in: what it holds, how it is read, how far it got and what became of it.

    `rows_done` is written in the very transaction that writes the rows, so that a load which was
    cut off goes on exactly where it stopped.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    type = models.CharField(max_length=30)
    name = models.CharField(_("file name"), max_length=255)
    path = models.CharField(max_length=100, unique=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    shape = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    rows = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    change_set = models.OneToOneField(ChangeSet, models.SET_NULL, null=True, related_name="load")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = LoadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-created_at"], name="load_by_author")]
        constraints = [
            models.CheckConstraint(
                name="load_counts_every_row_once",
                condition=Q(
                    rows_done=F("created") + F("updated") + F("skipped") + F("refused"),
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        """What `bin/circulo load` and `undo` call the change set."""
        return ids.encode("load", self.pk)

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class LoadRefusal(models.Model):
    """A row of a load that was not taken, and why."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="refusals")
    row = models.BigIntegerField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint("load", "row", name="load_refuses_a_row_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class SentFormQuerySet(models.QuerySet["SentForm"]):
    """Forms that were sent, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own ones only."""
        return self.filter(by=user)


class SentForm(models.Model):
    """A form that made a record: sent again, by a double click or a browser, it makes no other."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80, db_collation="C")
    made = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("by", "key", name="form_counts_once")]
        indexes = [models.Index("created_at", name="sent_form_by_age")]

    def __str__(self) -> str:
        return self.key
