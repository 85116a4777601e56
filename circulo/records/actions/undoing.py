"""Undoing a change set: what it added goes, what it deleted returns, what it changed is as before.

The ledger is walked backwards, statement by statement. A small undo is done at once; a large one in
batches by a job, each a transaction with its progress, so that it survives whatever kills it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import acting, ids
from circulo.lib.errors import RuleBroken
from circulo.lib.later import later
from circulo.records import turns
from circulo.records.models import Change, ChangeSet, Clash, Load
from circulo.records.tracking import roots
from circulo.records.undoing.clashes import note_clashes
from circulo.records.undoing.deletions import put_back_rows
from circulo.records.undoing.insertions import take_away
from circulo.records.undoing.partly import done_since
from circulo.records.undoing.updates import put_back_changes
from circulo.records.undoing.work import ALL, Group, Result, Undoing

AT_ONCE = 2_000
BATCH = 10_000
WRITERS = 2
TASK = "records.undo_changes"
Batch = tuple[list[int], list[Group]]
_END = 2**62
_ACTS: dict[str, Callable[[Group, Undoing], Result]] = {
    "i": take_away,
    "u": put_back_changes,
    "d": put_back_rows,
}
_AT_WORK = """
    SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'; SET LOCAL enable_seqscan = off;
    SET LOCAL synchronous_commit = off
"""
_GROUPS = """
    SELECT step, kind, op, min(key), max(key), sum(width)::bigint FROM (
        SELECT *, sum(width) OVER (ORDER BY step DESC, key DESC) - width AS before FROM (
            SELECT step, key, kind, op, COALESCE(upper(keys) - lower(keys), 1) AS width
            FROM records_change WHERE change_set_id = %s AND (step, key) < (%s, %s)
            ORDER BY step DESC, key DESC LIMIT %s) lines) counted
    WHERE before < %s GROUP BY step, kind, op ORDER BY step DESC
"""
_LEFT = """
    SELECT key FROM unnest(%s::bigint[]) AS key WHERE NOT COALESCE((
        SELECT range_agg(keys) FROM records_change
        WHERE change_set_id = %s AND kind = %s AND op = 'i') @> key, false) ORDER BY key
"""
_TOTAL = """
    SELECT COALESCE(sum(COALESCE(upper(keys) - lower(keys), 1)), 0)::bigint
    FROM records_change WHERE change_set_id = %s
"""


@transaction.atomic
def undo_changes(
    change_set: ChangeSet,
    *,
    by: User | None,
    mine: Collection[str] = frozenset(),
    here: bool = False,
) -> ChangeSet:
    """Undo a change set; the undo is a change set too. What others changed since stays.

    `mine` names the clashes, as `kind:id`, whose old values are put back all the same; or ALL.
    A large one is done by a job, unless whoever calls does it `here`, batch by batch.
    """
    change_set = _undoable(change_set)
    _refuse_final(change_set, by)
    _call_off(change_set)
    undo = ChangeSet.objects.create(
        kind=ChangeSet.Kind.UNDO,
        by=by,
        through=_through(),
        label=change_set.label,
        state=ChangeSet.State.RUNNING,
        undoes=change_set,
        takes_back=not change_set.takes_back,
        total=rows_of(change_set),
        job={"task": TASK, "mine": sorted(mine), "cursor": [_END, _END], "is_planned": False},
    )
    change_set.undone_by, change_set.undone_at = undo, timezone.now()
    change_set.save(update_fields=["undone_by", "undone_at"])
    if (undo.total or 0) <= AT_ONCE:
        undo = run_undo(undo)
    elif not here:
        undo.job["is_in_background"] = True
        undo.save(update_fields=["job"])
        later(TASK, change_set=undo.pk)
    return undo


def run_undo(
    undo: ChangeSet,
    *,
    progress: Callable[[ChangeSet], object] | None = None,
    is_enough: Callable[[], bool] | None = None,
) -> ChangeSet:
    """Undo what is left, batch by batch, to its end or until it is stopped.

    Where no row was touched twice some batches are written at a time, and committed in order.
    """
    undo = _planned(undo)
    threads = 1 if connection.in_atomic_block or not _has_no_order(undo) else WRITERS
    batches = _batches(undo) if undo.is_running else iter(())
    for _batch in turns.in_turn(batches, partial(_put_back_batch, undo), threads=threads):
        if progress:
            progress(undo)
        if is_enough and is_enough():
            break
    else:
        _finish(undo)
    undo.refresh_from_db()
    return undo


@transaction.atomic
def cancel_changes(change_set: ChangeSet) -> ChangeSet:
    """Stop what is running after the batch at hand; what it did until then can be undone."""
    change_set = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if not change_set.is_running:
        raise RuleBroken(_("This is over already."))
    change_set.state, change_set.finished_at = ChangeSet.State.CANCELLED, timezone.now()
    change_set.save(update_fields=["state", "finished_at"])
    return change_set


def fail_changes(change_set: ChangeSet, reason: str) -> None:
    """Note why something that was running cannot go on."""
    ChangeSet.objects.filter(pk=change_set.pk, state=ChangeSet.State.RUNNING).update(
        state=ChangeSet.State.FAILED, error=reason, finished_at=timezone.now()
    )


def rows_of(change_set: ChangeSet) -> int:
    """How many rows a change set added, changed and deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, [change_set.pk])
        return int(cursor.fetchone()[0])


def _undoable(change_set: ChangeSet) -> ChangeSet:
    change_set = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if change_set.is_undone:
        raise RuleBroken(_("This has been undone already."), code="undone")
    if not change_set.is_recent:
        raise RuleBroken(_("This is older than 30 days: it cannot be undone as a whole any more."))
    loading = Load.objects.filter(change_set=change_set, state=Load.State.RUNNING)
    if change_set.is_running or loading.exists():
        raise RuleBroken(_("This is still running: stop it first."), code="running")
    return change_set


def _refuse_final(change_set: ChangeSet, by: User | None) -> None:
    """Refuse to undo what an app says is done for good, with its reason."""
    for one in roots().values():
        if one.refuses and (why := one.refuses(change_set, by)):
            raise RuleBroken(why)


def _call_off(change_set: ChangeSet) -> None:
    """Take back what a change set set going outside, such as a mail that waits to leave."""
    for one in roots().values():
        if one.calls_off:
            one.calls_off(change_set.pk)


def _through() -> str:
    act = acting.current()
    return act.through if act else ""


@transaction.atomic
def _planned(undo: ChangeSet) -> ChangeSet:
    """The undo with what was changed since, and what the person decided about each."""
    rows = ChangeSet.objects.select_for_update(of=("self",)).select_related("by", "undoes__by")
    undo = rows.get(pk=undo.pk)
    if undo.job["is_planned"] or not undo.is_running or undo.undoes is None:
        return undo
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK)
    mine = set(undo.job["mine"])
    forced, only_used = ("true", True) if ALL in mine else ("false", not mine)
    note_clashes(undo, undo.undoes, forced=forced, only_used=only_used)
    for said in mine - {ALL}:
        kind, _colon, identifier = said.partition(":")
        key = ids.decode(kind, identifier)
        undo.clashes.filter(kind=kind, key=key or 0).update(is_forced=True)
    undo.job["adds"] = undo.undoes.changes.filter(op=Change.Op.INSERTED).exists()
    undo.job["is_planned"] = True
    undo.save(update_fields=["job"])
    return undo


def _has_no_order(undo: ChangeSet) -> bool:
    """An act on many changes each row once, and a load of what is new only adds."""
    change_set = undo.undoes
    if change_set is None or change_set.kind == ChangeSet.Kind.BULK:
        return change_set is not None
    return change_set.kind == ChangeSet.Kind.IMPORT and not (
        change_set.changes.exclude(op=Change.Op.INSERTED).exists()
    )


def _batches(undo: ChangeSet) -> Iterator[Batch]:
    """The groups that are left, some at a time, each with the place it begins at."""
    at = undo.job["cursor"]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_GROUPS, [undo.undoes_id, *at, BATCH, BATCH])
            groups = [Group(*row) for row in cursor.fetchall()]
        if not groups:
            return
        yield at, groups
        at = [groups[-1].step, groups[-1].least]


def _put_back_batch(undo: ChangeSet, batch: Batch, turn: turns.Turn) -> bool:
    """Undo a batch with the progress it makes; False where the undo was stopped meanwhile."""
    at, groups = batch
    assert undo.undoes is not None
    work, found = Undoing(undo.undoes, undo, undo.by), Result()
    with (
        acting.acting(undo.by_id, undo.through, kind="undo", change_set=undo.pk),
        transaction.atomic(),
    ):
        with connection.cursor() as cursor:
            cursor.execute(_AT_WORK)
        for group in groups:
            if group.op == "i" and not group.table.root_kind:
                turn.come()  # records go in order, so that an undo of this finds them in order
            found.add(_put_back(group, work))
        _settle(found, work)
        turn.come()
        return _keep(undo, at, groups[-1], found)


def _keep(undo: ChangeSet, at: list[int], last: Group, found: Result) -> bool:
    fresh = ChangeSet.objects.select_for_update(of=("self",)).get(pk=undo.pk)
    if not fresh.is_running or fresh.job["cursor"] != at:
        transaction.set_rollback(True)
        return False
    fresh.done += found.back
    fresh.kept += found.kept
    fresh.refused += found.refused
    fresh.job["cursor"] = [last.step, last.least]
    fresh.save(update_fields=["done", "kept", "refused", "job"])
    undo.done, undo.kept = fresh.done, fresh.kept
    return True


def _put_back(group: Group, work: Undoing) -> Result:
    """Put a group back; where the database refuses it, by halves down to the row at fault."""
    try:
        with transaction.atomic():
            return _ACTS[group.op](group, work)
    except IntegrityError:
        keys = _keys(group, work)
    if len(keys) < 2:
        return _refused(group, work)
    found = Result()
    for part in (keys[len(keys) // 2 :], keys[: len(keys) // 2]):
        found.add(_put_back(replace(group, least=part[0], most=part[-1]), work))
    return found


def _keys(group: Group, work: Undoing) -> list[int]:
    within = work.of.changes.filter(step=group.step, key__range=(group.least, group.most))
    return list(within.order_by("key").values_list("key", flat=True))


def _refused(group: Group, work: Undoing) -> Result:
    line = work.of.changes.filter(step=group.step, key=group.least).get()
    Clash.objects.get_or_create(
        undo=work.undo,
        kind=group.kind,
        key=group.least,
        defaults={
            "root_kind": line.root_kind or group.kind,
            "root": line.root or line.key,
            "names": sorted(line.new or ()),
            "why": Clash.Why.TAKEN,
        },
    )
    return Result(kept=1)


def _settle(found: Result, work: Undoing) -> None:
    """Have what follows from the rows worked out anew, but for records that go themselves and
    bear on no others.
    """
    for kind, keys in found.roots.items():
        known = roots().get(kind)
        if known is None or known.settle is None:
            continue
        left = sorted(keys) if known.bears_on_others else _left(kind, keys, work)
        if known.part:
            known.part(found.names, partial(done_since, kind, left, work))
        if left:
            known.settle(left, found.names)


def _left(kind: str, keys: Collection[int], work: Undoing) -> list[int]:
    if not work.undo.job["adds"]:
        return sorted(keys)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [list(keys), work.of.pk, kind])
        return [key for (key,) in cursor.fetchall()]


@transaction.atomic
def _finish(undo: ChangeSet) -> None:
    """Note the end, where all of it was gone through."""
    undo = ChangeSet.objects.select_for_update(of=("self",)).get(pk=undo.pk)
    if not undo.is_running or next(_batches(undo), None) is not None:
        return
    with acting.acting(undo.by_id, undo.through, kind="undo", change_set=undo.pk):
        _settle_kept(undo)
    undo.state, undo.finished_at = ChangeSet.State.DONE, timezone.now()
    undo.save(update_fields=["state", "finished_at"])
    if undo.undoes and not undo.done and (undo.kept or undo.refused):
        ChangeSet.objects.filter(pk=undo.undoes.pk).update(undone_by=None, undone_at=None)


def _settle_kept(undo: ChangeSet) -> None:
    """Records that were to go, and stay because of what came in between."""
    kept = undo.clashes.filter(why=Clash.Why.USED, kind=F("root_kind"))
    for kind, known in roots().items():
        keys = list(kept.filter(kind=kind).values_list("root", flat=True))
        if keys and known.settle:
            known.settle(keys, {kind})


__all__ = [
    "ALL",
    "cancel_changes",
    "fail_changes",
    "rows_of",
    "run_undo",
    "undo_changes",
]
