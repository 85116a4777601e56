"""Files that records are handed out by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """Everyone sees their own and nobody else's: what is in it are their rights."""
        return self.filter(by=user)

    def unfinished(self) -> Self:
        """Those that are at work."""
        return self.filter(state=Export.State.RUNNING)


class Export(models.Model):
    """A list handed out as a file: what of it, in which format, and where the file is."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        JSON_LINES = "jsonl", "JSON Lines"
        PARQUET = "parquet", "Parquet"

    type = models.CharField(max_length=30)
    format = models.CharField(max_length=10, choices=Format)
    criterion = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    path = models.CharField(max_length=100, unique=True)
    rows = models.BigIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    error = models.TextField(blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-created_at"], name="export_by_author")]
        constraints = [
            models.CheckConstraint(
                name="export_done_iff_counted",
                condition=Q(state="done", rows__isnull=False, size__isnull=False)
                | ~Q(state="done") & Q(rows=None, size=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type}.{self.format}"

    @property
    def public_id(self) -> str:
        return ids.encode("export", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def file_name(self) -> str:
        """What the file is called where somebody keeps it."""
        return f"{self.type}-{self.created_at:%Y-%m-%d}.{self.format}"
