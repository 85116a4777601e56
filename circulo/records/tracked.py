"""What the ledger keeps of what every record has: its files; and of the views of lists."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from circulo.records.models import Attachment, AttachmentVersion, SavedView
from circulo.records.saved_views import SavedViewQuerySet
from circulo.records.tracking import Root, Tracked, root, track

if TYPE_CHECKING:
    from circulo.accounts.models import User

# What follows from the version that lies on the disk; that there is a new one is told by itself.
_OF_THE_DISK = frozenset({"content_type", "size", "sha256", "path", "number", "by_id",
                          "created_at"})  # fmt: skip

# How a list is set up is no value that a history could put into words.
_SET_UP = frozenset({"criterion", "search", "columns", "widths", "density", "sort", "by",
                     "resource", "created_at"})  # fmt: skip


def _views(user: User, _act: str) -> SavedViewQuerySet:
    """The views that this person may change."""
    return SavedView.objects.visible_to(user, "change")


def _called(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = SavedView.objects.visible_to(user).filter(pk__in=keys)
    return {view.pk: (view.name, f"/{view.resource}/views/{view.public_id}") for view in rows}


root(Root("view", _views, whose="owner_id", named=_called))
track(
    Tracked(
        Attachment,
        "file",
        _("File"),
        root="record_id",
        root_kind="{record_kind}",
        told=("name",),
        silent=_OF_THE_DISK,
    ),
    Tracked(
        AttachmentVersion,
        "file_version",
        _("Version of a file"),
        root="record_id",
        root_kind="{record_kind}",
        told=("name",),
    ),
    Tracked(SavedView, "view", _("View"), told=("name",), silent=_SET_UP),
)
