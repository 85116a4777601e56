"""Reads over attachments: the files of records, each found with the permission of its record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet

from circulo.lib import ids
from circulo.records.models import Attachment
from circulo.records.parents import Parent, parent_of

if TYPE_CHECKING:
    from circulo.accounts.models import User


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
