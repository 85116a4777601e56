"""Files that belong to a record, and what they were before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids

if TYPE_CHECKING:
    pass

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

    attachment = models.ForeignKey(
        Attachment, models.CASCADE, related_name="versions", db_index=False
    )
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
