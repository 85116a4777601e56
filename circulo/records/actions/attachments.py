"""Keeping files: under a random name, hashed, safely on the disk before the row that names them."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid
from circulo.lib.text import salvage
from circulo.records.models import SAFE_IMAGES, Attachment

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


def attach(kind: str, key: int, uploads: Iterable[Upload], *, by: User | None) -> list[Attachment]:
    """Keep files for a record; all of them or, where one is refused, none."""
    uploads = list(uploads)
    _refuse(uploads)
    written: list[Path] = []
    try:
        with transaction.atomic():
            return [_keep(kind, key, upload, by, written) for upload in uploads]
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


@transaction.atomic
def detach(attachment: Attachment, *, by: User | None) -> None:
    """Delete a file; what lies on the disk stays for as long as the deletion can be undone."""
    attachment.delete()


def _refuse(uploads: list[Upload]) -> None:
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


def _keep(kind: str, key: int, upload: Upload, by: User | None, written: list[Path]) -> Attachment:
    name = safe_name(upload.name or "")
    path = f"files/{secrets.token_hex(1)}/{secrets.token_hex(20)}"
    place = settings.HOME / "media" / path
    written.append(place)
    digest, size, head = _write(place, upload)
    return Attachment.objects.create(
        record_kind=kind,
        record_id=key,
        name=name,
        content_type=_type_of(name, head),
        size=size,
        sha256=digest,
        path=path,
        by=by,
    )


def safe_name(name: str) -> str:
    """The name a file came with, as one may show it and save by it: no folder, no trickery."""
    bare = salvage(name.replace("\\", "/").rpartition("/")[2], limit=200).strip(". ")
    return bare or _("file")


def _write(place: Path, upload: Upload) -> tuple[str, int, bytes]:
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
