"""Reads over attachments: the files of records, as pages list them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db.models import QuerySet

from circulo.records.models import Attachment


def files_of(kind: str, rows: QuerySet[Attachment]) -> Iterator[tuple[int, list[Attachment]]]:
    """The files of records of one kind, by the key of the record."""
    found = rows.filter(record_kind=kind).order_by("record_id", "pk")
    for key, files in groupby(found, key=lambda file: file.record_id):
        yield key, list(files)
