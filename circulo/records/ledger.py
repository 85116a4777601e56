"""The ledger: every change of every record, written by the database itself, and its undoing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField
from django.contrib.postgres.indexes import BrinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import owned_within
from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User

UNDONE_WITHIN = timedelta(days=30)


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Change sets, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """A person's own, and those of the people whose records this person may change."""
        mine = Q(by=user.pk)
        if user.is_admin:
            return self
        return self.filter(mine | owned_within(user, "contacts", "edit", owner="by"))

    def unfinished(self) -> Self:
        """Those that are at work."""
        return self.filter(state=ChangeSet.State.RUNNING)


class ChangeSet(models.Model):
    """What somebody changed in one go: an edit, an import, an act on many, an undo of one of these.

    Small ones are born in the database with their first change, from what `lib/acting.py` tells it.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", pgettext_lazy("change set", "Edit")
        IMPORT = "import", pgettext_lazy("change set", "Import")
        BULK = "bulk", _("Change of many")
        DELETE = "delete", _("To the bin")
        RESTORE = "restore", _("Out of the bin")
        MERGE = "merge", pgettext_lazy("change set", "Merge")
        AUTOMATION = "automation", _("Automation")
        UNDO = "undo", pgettext_lazy("change set", "Undo")

    class Through(models.TextChoices):
        SCREEN = "screen", _("on screen")
        API = "api", _("by API")
        IMPORT = "import", _("by import")
        RULE = "rule", _("by a rule")
        COMMAND = "command", _("by command")
        DATABASE = "database", _("in the database")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EDIT, db_default=Kind.EDIT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    through = models.CharField(max_length=10, choices=Through, db_default="", default="")
    label = models.CharField(max_length=300, blank=True, default="", db_default="")
    state = models.CharField(
        max_length=10, choices=State, default=State.DONE, db_default=State.DONE
    )
    at = models.DateTimeField(default=timezone.now, db_default=Now())
    finished_at = models.DateTimeField(null=True)
    total = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0, db_default=0)
    kept = models.BigIntegerField(default=0, db_default=0)
    refused = models.BigIntegerField(default=0, db_default=0)
    error = models.TextField(blank=True, default="", db_default="")
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    undone_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)
    takes_back = models.BooleanField(default=False, db_default=False)
    job = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    keys = ArrayField(models.BigIntegerField(), null=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="change_set_by_time"),
            models.Index(fields=["by", "-at", "-id"], name="change_set_by_author"),
            models.Index("state", name="change_set_at_work", condition=Q(state="running")),
            models.Index("undoes", name="change_set_undo", condition=Q(undoes__isnull=False)),
            models.Index(
                "undone_by", name="change_set_undone", condition=Q(undone_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def public_id(self) -> str:
        return ids.encode("change_set", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_recent(self) -> bool:
        """Whether it is young enough to be undone."""
        return self.at > timezone.now() - UNDONE_WITHIN

    @property
    def is_undone(self) -> bool:
        return self.undone_by_id is not None

    @property
    def url(self) -> str:
        return f"/changes/{self.public_id}"


class Change(models.Model):
    """One line of the ledger, written by a trigger: rows inserted, a row changed or a row deleted.

    Insertions are ranges of keys. `old` and `new` hold the columns that differ, of a deleted row
    all that is not blank. `step` counts statements, so that they can be undone the other way round.
    """

    class Op(models.TextChoices):
        INSERTED = "i", _("added")
        UPDATED = "u", _("changed")
        DELETED = "d", _("deleted")

    pk = models.CompositePrimaryKey("change_set_id", "step", "key")
    change_set = models.ForeignKey(
        ChangeSet, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="changes"
    )
    step = models.BigIntegerField()
    key = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    op = models.CharField(max_length=1, choices=Op)
    keys = BigIntegerRangeField(null=True)
    root_kind = models.CharField(max_length=30, null=True)  # noqa: DJ001 (ranges have no root)
    root = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index("root", "step", name="change_of_root", condition=Q(root__isnull=False)),
            GistIndex(
                OpClass("kind", name="gist_text_ops"),
                OpClass("keys", name="range_ops"),
                name="change_inserted",
                condition=Q(op="i"),
            ),
            BrinIndex(fields=["at"], name="change_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.op}"


class Clash(models.Model):
    """A row that an undo meets changed since: kept as it is, unless a person decided otherwise."""

    class Why(models.TextChoices):
        CHANGED = "changed", _("changed since")
        GONE = "gone", _("deleted since")
        USED = "used", _("others were added to it since")
        TAKEN = "taken", _("its place is taken")

    undo = models.ForeignKey(ChangeSet, models.CASCADE, related_name="clashes", db_index=False)
    kind = models.CharField(max_length=30)
    key = models.BigIntegerField()
    root_kind = models.CharField(max_length=30)
    root = models.BigIntegerField()
    names = ArrayField(models.CharField(max_length=63), default=list)
    why = models.CharField(max_length=10, choices=Why)
    is_forced = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("undo", "kind", "key", name="clash_once")]
        indexes = [models.Index("undo", "root", name="clash_by_root")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.why}"
