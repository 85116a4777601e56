"""What must be true of attached files."""

from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation
from circulo.records.models import Attachment


def _without_file() -> list[Violation]:
    return [
        Violation("file", key, name)
        for key, name, path, size in Attachment.objects.order_by("pk").values_list(
            "pk", "name", "path", "size"
        )
        if not _is_there(path, size)
    ]


def _is_there(path: str, size: int) -> bool:
    place = Path(default_storage.path(path))
    return place.is_file() and place.stat().st_size == size


INVARIANTS = [
    Invariant("records.file_is_there", _("An attached file is on the disk, whole."), _without_file)
]
