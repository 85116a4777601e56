"""Forgetting: changes older than the house keeps them, and deleted files that nobody takes back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from circulo.records.ledger import UNDONE_WITHIN
from circulo.records.models import Attachment, AttachmentVersion, Change

BATCH = 20_000
_OLDEST = """
    WITH old AS (
        SELECT change_set_id, step, key FROM records_change WHERE at < %s LIMIT %s
    )
    DELETE FROM records_change c USING old
    WHERE (c.change_set_id, c.step, c.key) = (old.change_set_id, old.step, old.key)
"""
_EMPTY = """
    DELETE FROM records_changeset s WHERE s.at < %s AND s.state <> 'running'
      AND NOT EXISTS (SELECT FROM records_change c WHERE c.change_set_id = s.id)
      AND NOT EXISTS (SELECT FROM records_load l WHERE l.change_set_id = s.id)
      AND NOT EXISTS (SELECT FROM records_changeset u WHERE u.undoes_id = s.id)
      AND NOT EXISTS (SELECT FROM records_changeset u WHERE u.undone_by_id = s.id)
"""


def forget_changes() -> None:
    """Delete what is older than the house keeps; what can still be undone never is."""
    if not settings.HISTORY_DAYS:
        return
    kept = max(timedelta(days=settings.HISTORY_DAYS), UNDONE_WITHIN)
    before = timezone.now() - kept
    while _delete(_OLDEST, [before, BATCH]):
        continue
    _delete(_EMPTY, [before])


@transaction.atomic
def forget_files() -> None:
    """Delete from the disk what was deleted so long ago that it cannot be taken back."""
    gone = Change.objects.filter(
        kind__in=("file", "file_version"), op="d", at__lt=timezone.now() - UNDONE_WITHIN
    ).values_list("old__path", flat=True)
    paths = {path for path in gone if path}
    kept = {
        path
        for model in (Attachment, AttachmentVersion)
        for path in model.objects.filter(path__in=paths).values_list("path", flat=True)
    }
    for path in paths - kept:
        (Path(settings.HOME) / "media" / path).unlink(missing_ok=True)


def _delete(sql: str, parameters: list[Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
