"""Running a load: checked without a trace, or written batch by batch.

Some batches are written at a time, each in a transaction on a connection of its own, and committed
in the order of the file: so whatever cuts a load off, what is there is the beginning of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from itertools import islice

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from circulo.lib.errors import RuleBroken
from circulo.records import turns
from circulo.records.actions.change_sets import bringing_in, change_set_of
from circulo.records.actions.ending import tell_of_end
from circulo.records.batches import Batch, batches
from circulo.records.load_types import Importer, Outcome, Repeating
from circulo.records.models import Load, LoadDoubt, LoadRefusal
from circulo.records.tasks import source_of, task_of, type_of

Progress = Callable[[Load], object]
WRITERS, MOST_DOUBTS, MANY = 3, 1_000, 50
# A batch need not wait for the disk: one that a fall of the database loses is read again, since its
# progress is lost with it. What follows the last batch waits, and with it all before. Constraints
# speak where the row at fault can still be told from the others.
_AT_WORK = """
    SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB';
    SET LOCAL synchronous_commit = off; SET CONSTRAINTS ALL IMMEDIATE
"""
UNMAPPED = lazy("No column of this file is known by its name: say which field each of them holds.")
_LOCK = 7_301_000_000_000


def check_load(load: Load, *, progress: Progress | None = None) -> Load:
    """Read and match every row without writing anything; the counts say what would happen."""
    if load.state == Load.State.RUNNING or load.is_over:
        raise RuleBroken(_("This load has begun: it cannot be checked any more."))
    _begin_check(load)
    counts: Counter[Outcome] = Counter()
    refused: dict[int, str] = {}
    alike: dict[int, list[int]] = {}
    repeats: dict[int, int] = {}
    load_type, turn = type_of(load.type), turns.alone()
    task = task_of(load, rehearsal=True)
    importer = load_type.opened(task)
    with batches(source_of(load).records(), importer, load_type.labels) as read:
        for batch in read:
            with transaction.atomic():
                outcomes = batch.apply(importer, turn)
                transaction.set_rollback(True)
            importer.settle(turn, kept=False)
            counts.update(outcomes.values())
            refused |= batch.refused
            _remark(load, batch, outcomes)
            new = [row for row in batch.rows if outcomes.get(row[0]) == Outcome.CREATED]
            found = load_type.alike(task, new)
            load.alike += len(found)
            alike |= dict(islice(found.items(), MOST_DOUBTS - len(alike)))
            _gather_repeats(load, importer, repeats)
            _count(load, counts, len(refused))
            if not _still_checked(load).update(**_counts(load)):
                return load
            if progress:
                progress(load)
    doubts = [LoadDoubt(load=load, row=row, keys=keys) for row, keys in alike.items()]
    doubts += [LoadDoubt(load=load, row=n, keys=[], same_as=first) for n, first in repeats.items()]
    return _checked(load, refused, doubts)


def _gather_repeats(load: Load, importer: Importer, repeats: dict[int, int]) -> None:
    """Take over which rows of the last batch repeat an earlier one."""
    if isinstance(importer, Repeating):
        load.repeated += len(importer.repeats)
        repeats |= dict(islice(importer.repeats.items(), MOST_DOUBTS - len(repeats)))
        importer.repeats.clear()


def run_load(
    load: Load, *, progress: Progress | None = None, is_enough: Callable[[], bool] | None = None
) -> Load:
    """Bring in what is left of the file, batch by batch, to its end or until it is cancelled.

    Where `is_enough` says so after a batch, the rest is left for another call.
    """
    with _alone(load):
        load = begun(load)
        load_type, first = type_of(load.type), load.rows_done
        importer = load_type.opened(task_of(load))
        writing = _Writing(load, importer)
        # Inside of somebody's transaction no other connection would see what it has written.
        threads = 1 if connection.in_atomic_block else WRITERS
        with batches(source_of(load).records(first), importer, load_type.labels, first) as read:
            for _batch in turns.in_turn(read, writing.write, threads=threads):
                if progress:
                    progress(load)
                if is_enough and is_enough():
                    return load
        return load if writing.is_stopped else _finished(load)


def begun(load: Load) -> Load:
    """The load, running: from its first row, or from where it stopped."""
    load.refresh_from_db()
    if load.is_over:
        raise RuleBroken(_("This load is over already."))
    if load.state != Load.State.RUNNING:
        refuse_unmapped(load)
        load.change_set = change_set_of(load)
        load.created = load.updated = load.skipped = load.refused = load.rows_done = 0
        load.remarks = {}
        load.refusals.all().delete()
        load.state, load.started_at = Load.State.RUNNING, timezone.now()
        load.save()
    return load


def refuse_unmapped(load: Load) -> None:
    """A table of which no column goes anywhere would be refused row by row."""
    if is_unmapped(load):
        raise RuleBroken(UNMAPPED, code="unmapped")


def is_unmapped(load: Load) -> bool:
    """Whether no column of a table goes to any field."""
    return "table" in load.shape and not load.mapping


class _alone:  # noqa: N801 (used like a function)
    """Holds a load for this process; the lock ends with the connection, whatever happens."""

    def __init__(self, load: Load) -> None:
        self.key = _LOCK + load.pk

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self.key])
            if not cursor.fetchone()[0]:
                raise RuleBroken(_("This load is running already."), code="running")

    def __exit__(self, *_about: object) -> None:
        if connection.connection and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [self.key])


class _Writing:
    """Writes the batches of a load, each with the progress it makes."""

    def __init__(self, load: Load, importer: Importer) -> None:
        self.load, self.importer = load, importer
        self.is_stopped = False

    def write(self, batch: Batch, turn: turns.Turn) -> bool:
        """Write a batch; False where the load was stopped meanwhile."""
        kept = False
        try:
            with bringing_in(self.load), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(_AT_WORK)
                outcomes = batch.apply(self.importer, turn)
                turn.come()
                kept = self.still_stands_before(batch)
                if kept:
                    self.keep(batch, outcomes)
                else:
                    transaction.set_rollback(True)
        finally:
            self.importer.settle(turn, kept=kept)
        self.is_stopped = self.is_stopped or not kept
        return kept

    def still_stands_before(self, batch: Batch) -> bool:
        fresh = Load.objects.select_for_update().get(pk=self.load.pk)
        if fresh.state == Load.State.RUNNING and fresh.rows_done == batch.before:
            return True
        self.load.refresh_from_db()
        return False

    def keep(self, batch: Batch, outcomes: dict[int, Outcome]) -> None:
        """Note the refusals and the progress, which are what the load is resumed from."""
        load = self.load
        LoadRefusal.objects.bulk_create(
            LoadRefusal(load=load, row=row, reason=reason) for row, reason in batch.refused.items()
        )
        for outcome, count in Counter(outcomes.values()).items():
            setattr(load, outcome, getattr(load, outcome) + count)
        load.refused += len(batch.refused)
        load.rows_done += len(batch.records)
        _remark(load, batch, outcomes)
        names = ["created", "updated", "skipped", "refused", "rows_done", "remarks"]
        load.save(update_fields=names)


def _remark(load: Load, batch: Batch, outcomes: Collection[int]) -> None:
    """Count what importers say of rows that were taken, but not whole."""
    for number, row in batch.rows:
        remark = getattr(row, "remark", "")
        if remark and number in outcomes and (remark in load.remarks or len(load.remarks) < MANY):
            load.remarks[remark] = load.remarks.get(remark, 0) + 1


def _finished(load: Load) -> Load:
    if Load.objects.get(pk=load.pk).is_over:
        return load
    load.state, load.finished_at, load.rows = Load.State.DONE, timezone.now(), load.rows_done
    with transaction.atomic():
        load.save(update_fields=["state", "finished_at", "rows"])
        tell_of_end(load)
    return load


def _count(load: Load, counts: Counter[Outcome], refused: int) -> None:
    load.created, load.updated, load.skipped = (counts[outcome] for outcome in Outcome)
    load.refused = refused
    load.rows_done = sum(counts.values()) + refused


def _begin_check(load: Load) -> None:
    """The moment a check began tells it from another one, begun after the columns changed."""
    refuse_unmapped(load)
    load.alike = load.repeated = 0
    load.remarks = {}
    if load.state != Load.State.CHECKING:
        load.state, load.started_at = Load.State.CHECKING, timezone.now()
        load.save(update_fields=["state", "started_at"])


def _still_checked(load: Load) -> QuerySet[Load]:
    return Load.objects.filter(pk=load.pk, state=Load.State.CHECKING, started_at=load.started_at)


def _counts(load: Load) -> dict[str, int]:
    names = ("created", "updated", "skipped", "refused", "rows_done", "alike", "repeated")
    return {name: getattr(load, name) for name in names}


@transaction.atomic
def _checked(load: Load, refused: dict[int, str], doubts: list[LoadDoubt]) -> Load:
    """Keep what the check found, for the screen that shows it."""
    if not _still_checked(load).select_for_update().exists():
        return load
    load.state, load.rows, load.error = Load.State.READY, load.rows_done, ""
    load.save()
    load.refusals.all().delete()
    LoadRefusal.objects.bulk_create(
        (LoadRefusal(load=load, row=row, reason=reason) for row, reason in refused.items()),
        batch_size=5_000,
    )
    load.doubts.all().delete()
    LoadDoubt.objects.bulk_create(doubts)
    return load
