"""Changing many records in batches: each a transaction that holds its rows and the progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from circulo.accounts.models import User
from circulo.lib import acting
from circulo.lib.later import later
from circulo.records.models import ChangeSet

AT_ONCE = 2_000
BATCH = 5_000
# Writes the keys of one batch; how many changed, and how many lay out of reach.
Write = Callable[[ChangeSet, list[int]], tuple[int, int]]
_AT_WORK = "SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off"
_KEYS = "SELECT keys[%s:%s] FROM records_changeset WHERE id = %s"


@transaction.atomic
def change_many(
    keys: Sequence[int], write: Write, *, by: User, label: str, job: dict[str, Any]
) -> ChangeSet:
    """Have these records changed: a few at once, many by the job named in `job`, as `task`."""
    act = acting.current()
    change_set = ChangeSet.objects.create(
        kind=ChangeSet.Kind.BULK,
        by=by,
        through=act.through if act else "",
        label=label[:300],
        state=ChangeSet.State.RUNNING,
        total=len(keys),
        keys=list(keys),
        job=job | {"at": 0},
    )
    if len(keys) > AT_ONCE:
        later(job["task"], change_set=change_set.pk)
        return change_set
    while change_set.is_running:
        change_set = advance_many(change_set, write)
    return change_set


@transaction.atomic
def advance_many(change_set: ChangeSet, write: Write) -> ChangeSet:
    """Change the next batch; the answer says whether there is more to do."""
    rows = ChangeSet.objects.defer("keys").select_for_update(of=("self",)).select_related("by")
    change_set = rows.get(pk=change_set.pk)
    if not change_set.is_running:
        return change_set
    at = change_set.job["at"]
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK)
        cursor.execute(_KEYS, [at + 1, at + BATCH, change_set.pk])
        keys = cursor.fetchone()[0]
    with acting.acting(
        change_set.by_id, change_set.through, kind=change_set.kind, change_set=change_set.pk
    ):
        changed, refused = write(change_set, keys)
    change_set.done += changed
    change_set.refused += refused
    change_set.job["at"] = at + len(keys)
    names = ["done", "refused", "job"]
    if change_set.job["at"] >= (change_set.total or 0):
        change_set.state, change_set.finished_at = ChangeSet.State.DONE, timezone.now()
        change_set.keys = None
        names += ["state", "finished_at", "keys"]
    change_set.save(update_fields=names)
    return change_set
