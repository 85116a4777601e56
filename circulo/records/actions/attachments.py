"""Keeping files: under a random name, hashed, safely on the disk before the row that names them."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import salvage
from circulo.records.models import SAFE_IMAGES, Attachment, AttachmentVersion
from circulo.records.parents import parent_of
from circulo.records.rosters import roster

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Upload: TypeAlias = "UploadedFile[Any]"
MOST_FILES = 20
MAGIC = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
# Types that a browser is told; all others are a row of bytes.
HARMLESS = {
    "application/pdf", "application/zip", "application/msword", "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "audio/mpeg", "audio/ogg", "audio/wav", "video/mp4", "text/plain", "text/csv",
}  # fmt: skip
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies on the disk: where, under which name, and what it is."""

    path: str
    name: str
    content_type: str
    size: int
    sha256: str


def attach(kind: str, key: int, uploads: Iterable[Upload], *, by: User | None) -> list[Attachment]:
    """Keep files for a record; all of them or, where one is refused, none.

    Under the name of a file that is there already it becomes the next version of that one.
    """
    uploads = list(uploads)
    refuse(uploads)
    with _all_or_none() as written:
        known = _by_name(kind, key, uploads)
        return [
            _keep_version(known[name], _write(upload, written), by)
            if (name := safe_name(upload.name or "")) in known
            else _keep(kind, key, _write(upload, written), by)
            for upload in uploads
        ]


@transaction.atomic
def attach_to_fields(resource: str, key: int, files: Mapping[str, Upload], *, by: User) -> None:
    """Keep files for a record and say so in its own fields, each by its key."""
    about = roster(resource)
    values = {
        name: attach(about.key, key, [upload], by=by)[0].public_id for name, upload in files.items()
    }
    about.edit([key], {"custom": values}, by)


def add_version(attachment: Attachment, upload: Upload, *, by: User | None) -> Attachment:
    """Keep a newer version of a file under the name that it has; the older ones stay."""
    refuse([upload])
    with _all_or_none() as written:
        kept = Attachment.objects.select_for_update().get(pk=attachment.pk)
        return _keep_version(kept, _write(upload, written), by)


@transaction.atomic
def restore_version(attachment: Attachment, number: int, *, by: User | None) -> Attachment:
    """Make an older version the newest one again; what came between stays in the history."""
    kept = Attachment.objects.select_for_update().get(pk=attachment.pk)
    old = AttachmentVersion.objects.filter(attachment=kept, number=number).first()
    if old is None:
        raise RuleBroken(_("There is no such version of this file: choose one of the list."))
    stored = Stored(old.path, old.name, old.content_type, old.size, old.sha256)
    return _keep_version(kept, stored, by)


@transaction.atomic
def rename(attachment: Attachment, name: str, *, by: User | None) -> Attachment:
    """Give a file another name; what kind of file it is goes by its ending and its first bytes."""
    kept = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if not name.strip():
        raise Invalid({"name": _("Write the name of the file.")})
    wanted = safe_name(name)
    taken = Attachment.objects.filter(
        record_kind=kept.record_kind, record_id=kept.record_id, name=wanted
    ).exclude(pk=kept.pk)
    if taken.exists():
        raise Invalid({"name": _("Another file of this record goes by this name already.")})
    kept.name = wanted
    if kept.file.is_file():
        with kept.file.open("rb") as file:
            kept.content_type = _type_of(kept.name, file.read(16))
    kept.save(update_fields=["name", "content_type"])
    return kept


@transaction.atomic
def detach(attachment: Attachment, *, by: User | None) -> None:
    """Delete a file with its versions; what lies on the disk stays while that can be undone."""
    attachment.delete()


@contextmanager
def _all_or_none() -> Iterator[list[Path]]:
    """A transaction that takes along what was written to the disk where it fails."""
    written: list[Path] = []
    try:
        with transaction.atomic():
            yield written
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _by_name(kind: str, key: int, uploads: list[Upload]) -> dict[str, Attachment]:
    """The files of a record that are about to get a newer version, where its kind keeps them."""
    parent = parent_of(kind)
    if parent is None or not parent.has_versions:
        return {}
    names = [safe_name(upload.name or "") for upload in uploads]
    rows = Attachment.objects.select_for_update().order_by("-pk")
    return {row.name: row for row in rows.filter(record_kind=kind, record_id=key, name__in=names)}


def _keep_version(kept: Attachment, stored: Stored, by: User | None) -> Attachment:
    old = AttachmentVersion(attachment=kept, created_at=kept.created_at, by_id=kept.by_id)
    for name in (
        "record_kind",
        "record_id",
        "number",
        "name",
        "content_type",
        "size",
        "sha256",
        "path",
    ):
        setattr(old, name, getattr(kept, name))
    old.save(force_insert=True)
    kept.content_type, kept.size, kept.sha256 = stored.content_type, stored.size, stored.sha256
    kept.path, kept.number, kept.by = stored.path, kept.number + 1, by
    kept.created_at = timezone.now()
    kept.save()
    return kept


def refuse(uploads: list[Upload]) -> None:
    """Invalid where these files are too many, or one of them is empty or too large."""
    if len(uploads) > MOST_FILES:
        raise Invalid({"files": _("At most %d files at a time.") % MOST_FILES})
    for upload in uploads:
        name = safe_name(upload.name or "")
        if not upload.size:
            raise Invalid({"files": _("“%s” is empty.") % name})
        if upload.size > settings.FILE_LIMIT:
            most = settings.FILE_LIMIT // 1024 // 1024
            raise Invalid(
                {
                    "files": _("“%(name)s” is larger than %(most)d MB.")
                    % {"name": name, "most": most}
                }
            )


def _keep(kind: str, key: int, stored: Stored, by: User | None) -> Attachment:
    return Attachment.objects.create(
        record_kind=kind,
        record_id=key,
        name=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        path=stored.path,
        by=by,
    )


def safe_name(name: str) -> str:
    """The name a file came with, as one may show it and save by it: no folder, no trickery."""
    bare = salvage(name.replace("\\", "/").rpartition("/")[2], limit=200).strip(". ")
    return bare or _("file")


def _write(upload: Upload, written: list[Path]) -> Stored:
    """The file on the disk under a random name, and what is to be known of it."""
    name = safe_name(upload.name or "")
    path = f"files/{secrets.token_hex(1)}/{secrets.token_hex(20)}"
    place = Path(settings.HOME) / "media" / path
    written.append(place)
    digest, size, head = _copy(place, upload)
    return Stored(path, name, _type_of(name, head), size, digest)


def _copy(place: Path, upload: Upload) -> tuple[str, int, bytes]:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, head = hashlib.sha256(), 0, b""
    with open(place, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        for chunk in upload.chunks():
            head = head or chunk[:16]
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest.hexdigest(), size, head


def _type_of(name: str, head: bytes) -> str:
    """An image is what its first bytes say; of the rest only harmless types are believed."""
    for kind, beginnings in MAGIC.items():
        if head.startswith(beginnings):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    guessed = mimetypes.guess_type(name)[0] or BYTES
    return guessed if guessed in HARMLESS and guessed not in SAFE_IMAGES else BYTES
