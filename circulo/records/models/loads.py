"""Files that records were brought in by, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids
from circulo.records.ledger import ChangeSet

if TYPE_CHECKING:
    from circulo.accounts.models import User


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
    cut off goes on exactly where it stopped. `remarks` says what of the rows was not taken over,
    and of how many.
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
    alike = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    remarks = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
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

    load = models.ForeignKey(Load, models.CASCADE, related_name="refusals", db_index=False)
    row = models.BigIntegerField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint("load", "row", name="load_refuses_a_row_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class LoadDoubt(models.Model):
    """A row of which a check tells what it may be: one of some records here, or the same as an
    earlier row of the file.
    """

    load = models.ForeignKey(Load, models.CASCADE, related_name="doubts", db_index=False)
    row = models.BigIntegerField()
    keys = ArrayField(models.BigIntegerField())
    same_as = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("load", "row", name="load_doubts_a_row_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.keys}"
