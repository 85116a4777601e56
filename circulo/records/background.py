"""Change sets at work in the background: a slice at a time, taken up again after any death."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy

from circulo.accounts.middleware import speak_as
from circulo.lib.later import later
from circulo.records.actions.undoing import fail_changes
from circulo.records.models import ChangeSet

SLICE = 5.0
_AWAY = (OperationalError, InterfaceError)
AGAIN = RetryStrategy(max_attempts=50, wait=2, retry_exceptions=set(_AWAY))
_HAS_JOB = """
    SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
      AND (args->>'change_set')::bigint = %s
"""


def run_slice(key: int, run: Callable[[ChangeSet, Callable[[], bool]], ChangeSet]) -> None:
    """Go on with a change set for some seconds, and have the rest done by another job."""
    if not connection.in_atomic_block:
        close_old_connections()
    change_set = ChangeSet.objects.defer("keys").select_related("by", "undoes").get(pk=key)
    if change_set.by:
        speak_as(change_set.by)
    start = time.monotonic()
    try:
        change_set = run(change_set, lambda: time.monotonic() - start > SLICE)
    except IntegrityError:  # somebody built upon a row while it went: the next slice meets that
        change_set.refresh_from_db(fields=["job"])
        if change_set.job.get("refused_at") == change_set.job.get("cursor", True):
            fail_changes(change_set, _("The database refuses this. What was done so far stays."))
            raise
        change_set.job["refused_at"] = change_set.job.get("cursor")
        change_set.save(update_fields=["job"])
    except _AWAY:
        raise
    except Exception:
        fail_changes(change_set, _("Something unexpected went wrong. What was done so far stays."))
        raise
    if change_set.is_running:
        later(change_set.job["task"], change_set=key)


def revive() -> None:
    """Take up what is running and has no job any more."""
    for change_set in without_job():
        later(change_set.job["task"], change_set=change_set.pk)


def without_job() -> list[ChangeSet]:
    """Change sets at work that nobody works at."""
    running = ChangeSet.objects.defer("keys").unfinished()
    return [change_set for change_set in running if not _has_job(change_set)]


def _has_job(change_set: ChangeSet) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HAS_JOB, [change_set.pk])
        return cursor.fetchone() is not None
