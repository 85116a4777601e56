"""Reads over the files of a party: narrowed by kind, each with how many versions it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.documents.press import Protected, Unprintable, pages_of
from circulo.lib.readers.charsets import text_of
from circulo.lib.readers.delimited import rows, sniff
from circulo.lib.readers.refusal import Unreadable
from circulo.parties.models import Party
from circulo.records.models import Attachment, AttachmentVersion

MOST = 200
MOST_LETTERS, MOST_ROWS, MOST_CELLS = 40_000, 50, 20
SECONDS_FOR_A_PAGE, MOST_PAGES = 8, 500
_PDF = "application/pdf"
_SHEETS = Q(content_type__in=("text/csv", "application/vnd.ms-excel")) | Q(
    content_type__contains="spreadsheet"
)
KINDS: dict[str, tuple[str | Promise, Q]] = {
    "pdf": ("PDF", Q(content_type=_PDF)),
    "image": (_("Pictures"), Q(content_type__startswith="image/")),
    "text": (
        _("Texts"),
        Q(content_type="text/plain")
        | Q(content_type__contains="word")
        | Q(content_type__endswith="opendocument.text"),
    ),
    "table": (_("Tables"), _SHEETS),
}
OTHER = ("other", _("Others"))


@dataclass(frozen=True)
class Preview:
    """How a file looks, as far as that can be shown safely."""

    kind: str = ""
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    is_cut: bool = False
    pages: int = 0


def documents_of(party: Party, kind: str = "") -> QuerySet[Attachment]:
    """The files of a party that is known to be visible, the newest first."""
    found = Attachment.objects.filter(record_kind="party", record_id=party.pk)
    if kind in KINDS:
        found = found.filter(KINDS[kind][1])
    elif kind == OTHER[0]:
        for _label, condition in KINDS.values():
            found = found.exclude(condition)
    return found.select_related("by").order_by("-created_at", "-pk")


def file_versions(attachment: Attachment) -> list[AttachmentVersion]:
    """The older versions of a file, the newest first."""
    return list(attachment.versions.select_related("by").order_by("-number"))


def preview_of(attachment: Attachment) -> Preview:
    """A preview of a file: pictures, texts, tables and the pages of a PDF; of the rest none."""
    if not attachment.file.is_file():
        return Preview()
    if attachment.is_image:
        return Preview("image")
    if attachment.content_type == _PDF:
        return _pages(attachment.sha256, attachment.file)
    if attachment.content_type == "text/csv":
        return _table(attachment) or _text(attachment)
    return _text(attachment) if attachment.content_type == "text/plain" else Preview()


@lru_cache(maxsize=1_000)
def _pages(_sha256: str, file: Path) -> Preview:
    """A PDF with its pages, or why none is shown. What has the same sum is the same file."""
    try:
        pages = pages_of(file, seconds=SECONDS_FOR_A_PAGE)
    except Protected:
        return Preview("locked")
    except Unprintable:
        return Preview("broken")
    return Preview("pdf", pages=pages)


def _text(attachment: Attachment) -> Preview:
    with attachment.file.open("rb") as file:
        data = file.read(MOST_LETTERS)
    text = text_of(data, "utf-8").replace("\0", "")
    return Preview("text", text, is_cut=attachment.size > MOST_LETTERS)


def _table(attachment: Attachment) -> Preview | None:
    try:
        shape = sniff(attachment.file)
        found = []
        for row in rows(attachment.file, shape):
            found.append([cell[:200] for cell in row[:MOST_CELLS]])
            if len(found) > MOST_ROWS:
                return Preview("table", rows=found[:MOST_ROWS], is_cut=True)
    except (Unreadable, ValueError, OSError):
        return None
    return Preview("table", rows=found) if found else None
