"""Reads over what every record has: files, found with the permission of their record; changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet

from circulo.lib import ids
from circulo.records.models import Attachment, ChangeSet
from circulo.records.parents import Parent, parent_of

if TYPE_CHECKING:
    from circulo.accounts.models import User


def change_set_called(identifier: str, user: User | None = None) -> ChangeSet | None:
    """The change set of this name, or that of the load of this name, where the person sees it."""
    rows = ChangeSet.objects.all() if user is None else ChangeSet.objects.visible_to(user)
    rows = rows.select_related("by", "undoes", "undone_by", "load")
    own, load = ids.decode("change_set", identifier), ids.decode("load", identifier)
    return rows.filter(pk=own or 0).first() or rows.filter(load=load or 0).first()


def files_of(kind: str, rows: QuerySet[Attachment]) -> Iterator[tuple[int, list[Attachment]]]:
    """The files of records of one kind, by the key of the record."""
    found = rows.filter(record_kind=kind).order_by("record_id", "pk")
    for key, files in groupby(found, key=lambda file: file.record_id):
        yield key, list(files)


def attachments_of(kind: str, key: int) -> QuerySet[Attachment]:
    """The files of one record that is already known to be visible."""
    return Attachment.objects.filter(record_kind=kind, record_id=key).order_by("pk")


def attachment_for(
    user: User, identifier: str, act: str = "view"
) -> tuple[Attachment, Parent, Model] | None:
    """A file with the record it belongs to, where the person may do this with that record."""
    attachment = Attachment.objects.filter(pk=ids.decode("file", identifier) or 0).first()
    parent = parent_of(attachment.record_kind) if attachment else None
    record = parent and attachment and parent.find(user, act, attachment.record_id)
    return (attachment, parent, record) if attachment and parent and record else None
