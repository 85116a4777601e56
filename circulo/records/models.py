"""What every record has: attached files, the file it was brought in by, own fields, views."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids
from circulo.records.ledger import Change, ChangeSet, Clash
from circulo.records.saved_views import SavedView

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
    "SavedView",
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
    alike = models.BigIntegerField(default=0)
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


class LoadDoubt(models.Model):
    """A row that a check found to be new, and the records here that may be the same one."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="doubts")
    row = models.BigIntegerField()
    keys = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint("load", "row", name="load_doubts_a_row_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.keys}"


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


class OwnFieldQuerySet(models.QuerySet["OwnField"]):
    """Own fields, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees records of a kind sees its fields, but for those their role is denied."""
        denied = Q(pk__in=())
        for resource in self.values_list("resource", flat=True).distinct().order_by():
            hidden = user.hidden_fields(resource)
            keys = [name.removeprefix(OWN) for name in hidden if name.startswith(OWN)]
            denied |= Q(resource=resource, key__in=keys)
            if not user.may(resource, "view"):
                denied |= Q(resource=resource)
        return self.exclude(denied)

    def active(self) -> Self:
        return self.filter(retired_at=None)

    def in_order(self) -> Self:
        return self.order_by("resource", "position", "pk")


OWN = "custom."


class OwnField(models.Model):
    """A field that an administrator gave to a kind of record; its values lie in `custom`."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        MOMENT = "moment", _("Date and time")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        YES_NO = "yes_no", _("Yes or no")
        LINK = "link", _("Link to a record")
        FILE = "file", _("File")
        COMPUTED = "computed", _("Computed")

    class Step(models.TextChoices):
        """What the house still has to do so that the records are as the field says."""

        CONVERT = "convert", _("converting values")
        REMOVE = "remove", _("removing values")
        SEARCH = "search", _("preparing search")
        INDEX = "index", _("preparing sorting and filtering")

    class Target(models.TextChoices):
        CONTACT = "contact", pgettext_lazy("link to", "A contact")
        COMPANY = "company", _("A company")
        USER = "user", _("A colleague")

    resource = models.CharField(max_length=30)
    key = models.CharField(_("key"), max_length=40)
    kind = models.CharField(_("holds"), max_length=10, choices=Kind)
    label_es = models.CharField(_("label in Spanish"), max_length=60)
    label_en = models.CharField(_("label in English"), max_length=60, blank=True, default="")
    help_es = models.CharField(_("help in Spanish"), max_length=200, blank=True, default="")
    help_en = models.CharField(_("help in English"), max_length=200, blank=True, default="")
    section = models.CharField(_("section of the form"), max_length=60, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    choices = models.JSONField(default=list)
    default = models.JSONField(null=True)
    target = models.CharField(_("link to"), max_length=7, choices=Target, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    formula = models.TextField(_("formula"), blank=True, default="")
    gives = models.CharField(max_length=6, blank=True, default="")
    is_required = models.BooleanField(_("required"), default=False)
    is_searchable = models.BooleanField(_("found by search"), default=False)
    is_fast = models.BooleanField(_("sorts and filters fast"), default=False)
    index = models.TextField(default="")
    pending = ArrayField(models.CharField(max_length=7, choices=Step), default=list)
    was = models.JSONField(default=dict)
    done_up_to = models.BigIntegerField(default=0)
    trouble = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnFieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("resource", "key", name="own_field_key_is_unique"),
            models.CheckConstraint(
                name="own_field_key_is_plain", condition=Q(key__regex=r"^[a-z][a-z0-9_]*$")
            ),
            models.CheckConstraint(
                name="own_field_computes_iff_computed",
                condition=Q(kind="computed") ^ Q(formula=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """What criteria, columns, imports and rights call it."""
        return OWN + self.key

    @property
    def public_id(self) -> str:
        return ids.encode("field", self.pk)

    @property
    def label(self) -> str:
        is_english = (get_language() or "es").startswith("en")
        return self.label_en if is_english and self.label_en else self.label_es

    @property
    def both_labels(self) -> str:
        """The label in the language of whoever reads it, whenever that is."""
        return own_label(self)

    @property
    def help(self) -> str:
        is_english = (get_language() or "es").startswith("en")
        return self.help_en if is_english and self.help_en else self.help_es

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def is_computed(self) -> bool:
        return self.kind == self.Kind.COMPUTED

    def labels(self) -> dict[str, str]:
        """Its choices with what they are called, in order, those taken out of use too."""
        word = "en" if (get_language() or "es").startswith("en") else "es"
        return {one["key"]: one.get(word) or one["es"] for one in self.choices}

    def offered(self) -> dict[str, str]:
        """The choices that are in use."""
        gone = {one["key"] for one in self.choices if one.get("gone")}
        return {key: label for key, label in self.labels().items() if key not in gone}


def _label(field: OwnField) -> str:
    return field.label


own_label: Callable[[OwnField], str] = lazy(_label, str)
