"""Changing many records in batches: each a transaction that holds its rows and the progress.

Two are written at a time, each on a connection of its own, and committed in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from circulo.accounts.models import User
from circulo.lib import acting
from circulo.lib.later import later
from circulo.records import turns
from circulo.records.models import ChangeSet

AT_ONCE = 2_000
BATCH = 5_000
WRITERS = 2
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
    return run_many(change_set, write)


def run_many(
    change_set: ChangeSet, write: Write, *, is_enough: Callable[[], bool] | None = None
) -> ChangeSet:
    """Change what is left, some batches at a time, to the end or until it is stopped."""
    rows = ChangeSet.objects.defer("keys").select_related("by")
    change_set = rows.get(pk=change_set.pk)
    places = range(change_set.job["at"], change_set.total or 0, BATCH)
    places = places if change_set.is_running else range(0)
    threads = 1 if connection.in_atomic_block else WRITERS
    batch = partial(_write_batch, change_set, write)
    for _at in turns.in_turn(iter(places), batch, threads=threads):
        if is_enough and is_enough():
            break
    return rows.get(pk=change_set.pk)


def _write_batch(change_set: ChangeSet, write: Write, at: int, turn: turns.Turn) -> bool:
    """Change a batch with the progress it makes; False where this was stopped meanwhile."""
    through, kind = change_set.through, change_set.kind
    with (
        acting.acting(change_set.by_id, through, kind=kind, change_set=change_set.pk),
        transaction.atomic(),
    ):
        with connection.cursor() as cursor:
            cursor.execute(_AT_WORK)
            cursor.execute(_KEYS, [at + 1, at + BATCH, change_set.pk])
            keys = cursor.fetchone()[0]
        changed, refused = write(change_set, keys)
        turn.come()
        return _keep(change_set, at, changed, refused)


def _keep(change_set: ChangeSet, at: int, changed: int, refused: int) -> bool:
    rows = ChangeSet.objects.defer("keys").select_for_update(of=("self",))
    fresh = rows.get(pk=change_set.pk)
    if not fresh.is_running or fresh.job["at"] != at:
        transaction.set_rollback(True)
        return False
    fresh.done += changed
    fresh.refused += refused
    fresh.job["at"] = min(at + BATCH, fresh.total or 0)
    names = ["done", "refused", "job"]
    if fresh.job["at"] == fresh.total:
        fresh.state, fresh.finished_at = ChangeSet.State.DONE, timezone.now()
        fresh.keys = None
        names += ["state", "finished_at", "keys"]
    fresh.save(update_fields=names)
    return True
