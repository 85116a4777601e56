"""What must be true of attached files and of the ledger."""

from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from circulo.lib.invariants import Invariant, Violation, rows
from circulo.records import background, triggers
from circulo.records.models import Attachment, AttachmentVersion, ChangeSet
from circulo.records.tracking import keep_track, tracked


def _without_file() -> list[Violation]:
    return [
        Violation("file", key, name)
        for key, name, path, size in (
            *Attachment.objects.order_by("pk").values_list("pk", "name", "path", "size"),
            *AttachmentVersion.objects.order_by("pk").values_list(
                "attachment_id", "name", "path", "size"
            ),
        )
        if not _is_there(path, size)
    ]


def _is_there(path: str, size: int) -> bool:
    place = Path(default_storage.path(path))
    return place.is_file() and place.stat().st_size == size


def _not_tracked() -> list[Violation]:
    numbers = {table.table: number for number, table in enumerate(tracked().values(), 1)}
    return [
        Violation("table", numbers[table.table], table.table)
        for table in triggers.outdated(tracked().values())
    ]


def _without_change_set() -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT change_set_id, kind FROM records_change c WHERE NOT EXISTS ("
            "SELECT FROM records_changeset s WHERE s.id = c.change_set_id) ORDER BY 1"
        )
        return rows("change_set", cursor.fetchall())


def _abandoned() -> list[Violation]:
    return rows("change_set", ((each.pk, each.kind) for each in background.without_job()))


def _undone_by_another() -> list[Violation]:
    wrong = ChangeSet.objects.exclude(undone_by=None).exclude(undone_by__undoes=F("pk"))
    return rows("change_set", ((key, "") for key in wrong.values_list("pk", flat=True)))


INVARIANTS = [
    Invariant("records.file_is_there", _("An attached file is on the disk, whole."), _without_file),
    Invariant(
        "records.ledger_keeps_everything",
        _("Every change of a business table is kept, with all its columns."),
        _not_tracked,
        lambda _keys: keep_track(),
    ),
    Invariant(
        "records.change_has_its_set",
        _("Every change that is kept belongs to a change set that is there."),
        _without_change_set,
    ),
    Invariant(
        "records.running_has_a_job",
        _("What runs in the background has a job that does it."),
        _abandoned,
        lambda _keys: background.revive(),
    ),
    Invariant(
        "records.undone_by_its_undo",
        _("What was undone names the undo that took it back."),
        _undone_by_another,
    ),
]
