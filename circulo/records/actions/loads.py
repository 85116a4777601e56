"""Bringing in a file: taken over, mapped, checked, run, and cut off at any moment without harm.

A batch of rows is one transaction: its rows, the refusals and the progress are written together or
not at all, so that a load killed anywhere goes on where it stopped and doubles nothing. While the
database works on one batch, a thread reads the next.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import Firm, User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later
from circulo.records import mapping as mappings
from circulo.records import sources
from circulo.records.batches import BATCH, Batch, batches
from circulo.records.load_types import LoadType, OnDuplicate, Outcome, Task, load_types
from circulo.records.models import Load, LoadRefusal
from circulo.records.remembered import guessed, remember
from circulo.records.sources import Source
from circulo.records.stored import media, stored

Progress = Callable[[Load], object]
# A batch need not wait for the disk: one that a fall of the database loses is read again, since its
# progress is lost with it. What follows the last batch waits, and with it all before.
_AT_WORK = """
    SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'; SET LOCAL synchronous_commit = off
"""
_LOCK = 7_301_000_000_000


def start_load(file: IO[bytes], name: str, type_name: str, *, by: User | None) -> Load:
    """Take a file over, find out how it is written, and map its columns by their names."""
    load_type = _type(type_name)
    if by is not None and not by.may(load_type.kind, "create"):
        raise RuleBroken(_("Your role may not bring in records of this kind."), code="denied")
    path, digest, size = stored(file)
    try:
        shape = sources.describe(media(path), name)
        if shape["kind"] not in load_type.sources:
            raise RuleBroken(_("A file of this kind does not hold %s.") % load_type.label)
    except RuleBroken:
        media(path).unlink(missing_ok=True)
        raise
    load = Load(
        type=type_name,
        name=Path(name).name[-255:],
        path=path,
        size=size,
        sha256=digest,
        shape=shape,
        options={"key": "", "on_duplicate": OnDuplicate.UPDATE.value, "makes_missing": True},
        by=by,
    )
    load.mapping = guessed(load)
    remember(load)
    load.save()
    return load


@transaction.atomic
def map_columns(
    load: Load,
    *,
    mapping: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    table: dict[str, Any] | None = None,
) -> Load:
    """Say which column goes where, by which key, and mend how the table was understood."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state not in (Load.State.NEW, Load.State.READY):
        raise RuleBroken(_("This load has begun: its columns cannot be changed any more."))
    load_type = _type(load.type)
    if mapping is not None:
        load.mapping = {heading: target for heading, target in mapping.items() if target}
        unknown = mappings.unknown_targets(load.mapping, load_type, load.by)
        if unknown:
            raise Invalid({"mapping": _("There is no field %s.") % ", ".join(unknown)})
    load.options |= options or {}
    _refuse_options(load.options, load_type)
    if table and "table" in load.shape:
        load.shape = load.shape | {"table": load.shape["table"] | table}
    load.state, load.error = Load.State.NEW, ""
    load.save(update_fields=["mapping", "options", "shape", "state", "error"])
    return load


def preview(load: Load, count: int = 20) -> list[tuple[int, Any, str]]:
    """The first records: number, what is said (`sources.shown` tells it), why it is refused."""
    load_type = _type(load.type)
    importer = load_type.opened(task_of(load, rehearsal=True))
    batch = Batch.read(sources.preview(source_of(load), count), importer, load_type.labels)
    return [(row, said, batch.refused.get(row, "")) for row, said in batch.records]


def check_load(load: Load, *, progress: Progress | None = None) -> Load:
    """Read and match every row without writing anything; the counts say what would happen."""
    if load.state == Load.State.RUNNING or load.is_over:
        raise RuleBroken(_("This load has begun: it cannot be checked any more."))
    _begin_check(load)
    counts = dict.fromkeys(Outcome, 0)
    refused: dict[int, str] = {}
    importer = _type(load.type).opened(task_of(load, rehearsal=True))
    with batches(source_of(load).records(), importer, _type(load.type).labels) as read:
        for batch in read:
            with transaction.atomic():
                outcomes = batch.apply(importer)
                transaction.set_rollback(True)
            importer.settle(kept=False)
            for outcome in outcomes.values():
                counts[outcome] += 1
            refused |= batch.refused
            _count(load, counts, len(refused))
            if not _still_checked(load).update(**_counts(load)):
                return load
            if progress:
                progress(load)
    return _checked(load, refused)


def run_load(
    load: Load, *, progress: Progress | None = None, is_enough: Callable[[], bool] | None = None
) -> Load:
    """Bring in what is left of the file, batch by batch, to its end or until it is cancelled.

    Where `is_enough` says so after a batch, the rest is left for another call.
    """
    with _alone(load):
        load = _begun(load)
        importer = _type(load.type).opened(task_of(load))
        source = source_of(load)
        labels = _type(load.type).labels
        with batches(source.records(load.rows_done), importer, labels) as read:
            for batch in read:
                if not _write(load, batch, importer):
                    return load
                if progress:
                    progress(load)
                if is_enough and is_enough():
                    return load
        return _finished(load)


@transaction.atomic
def send_load(load: Load) -> Load:
    """Have the load done in the background; it goes on by itself after whatever interrupts it."""
    load = _begun(load)
    load.options |= {"in_background": True, "revived_at": None}
    load.save(update_fields=["options"])
    later("records.run_load", load=load.pk)
    return load


@transaction.atomic
def revive_load(load: Load) -> None:
    """Take up a load whose job is gone; one that got no further since the last time has failed."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state != Load.State.RUNNING:
        return
    if load.options.get("revived_at") == load.rows_done:
        fail_load(load, _("The load stopped again and again at the same row."))
        return
    load.options |= {"revived_at": load.rows_done}
    load.save(update_fields=["options"])
    later("records.run_load", load=load.pk)


@transaction.atomic
def cancel_load(load: Load) -> Load:
    """Stop a load after the batch at hand; what it brought in until then stays."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.is_over:
        raise RuleBroken(_("This load is over already."))
    load.state, load.finished_at = Load.State.CANCELLED, timezone.now()
    load.save(update_fields=["state", "finished_at"])
    return load


def fail_check(load: Load, reason: str) -> None:
    """Note why the rows cannot be checked; the columns can be mended and checked again."""
    Load.objects.filter(pk=load.pk).update(state=Load.State.NEW, error=reason)


def fail_load(load: Load, reason: str) -> None:
    """Note why a load cannot go on."""
    Load.objects.filter(pk=load.pk).update(
        state=Load.State.FAILED, error=reason, finished_at=timezone.now()
    )


def error_file(load: Load) -> Path | None:
    """The rows that were refused, with the reasons, as a file that can be mended and loaded."""
    if not load.refusals.exists():
        return None
    source = source_of(load)
    path = media(f"{load.path}-refused{source.error_ending}")
    refused = load.refusals.order_by("row").values_list("row", "reason")
    source.write_refused(iter(refused.iterator(2_000)), path)
    return path


def discard_load(load: Load) -> None:
    """Forget a load that wrote nothing, and the copy of its file."""
    if load.state == Load.State.RUNNING or load.is_over:
        raise RuleBroken(_("This load has begun: it is kept, with what became of its rows."))
    load.delete()
    for path in media(load.path).parent.glob(f"{media(load.path).name}*"):
        path.unlink(missing_ok=True)


def headings_of(load: Load) -> list[str]:
    """The columns of the file, in order."""
    table: dict[str, Any] = load.shape.get("table", {})
    return list(table.get("headings", ()))


def key_called(name: str, type_name: str) -> str:
    """The key that a person means by a word such as `email`; Invalid where there is none."""
    keys = _type(type_name).keys
    found = name if name in keys else f"{name}s"
    if name and found not in keys:
        raise Invalid({"key": _("The key is one of: %s.") % ", ".join(keys)})
    return found if name else ""


def unfinished_like(load: Load) -> Load | None:
    """An earlier load of the same file with the same answers that was cut off on the way."""
    same = Load.objects.unfinished().filter(
        sha256=load.sha256, type=load.type, mapping=load.mapping, options=load.options, by=load.by
    )
    return same.exclude(pk=load.pk).order_by("-pk").first()


def source_of(load: Load) -> Source:
    """The stored file of a load, read as the load says."""
    return sources.opened(media(load.path), load.shape, load.mapping)


def task_of(load: Load, *, rehearsal: bool = False) -> Task:
    """How the load is to be done."""
    table: dict[str, Any] = load.shape.get("table", {})
    firm = Firm.objects.first()
    return Task(
        by=load.by,
        key=load.options.get("key", ""),
        on_duplicate=OnDuplicate(load.options.get("on_duplicate", OnDuplicate.UPDATE)),
        country=firm.country if firm else "ES",
        decimal=table.get("decimal", "."),
        date_order=table.get("date_order", "DMY"),
        makes_missing=bool(load.options.get("makes_missing", True)),
        is_rehearsal=rehearsal,
    )


def _type(name: str) -> LoadType:
    try:
        return load_types()[name]
    except KeyError:
        known = ", ".join(load_types())
        raise Invalid({"type": _("This can be loaded: %s.") % known}) from None


def _refuse_options(options: dict[str, Any], load_type: LoadType) -> None:
    if options.get("key") and options["key"] not in load_type.keys:
        raise Invalid({"key": _("The key is one of: %s.") % ", ".join(load_type.keys)})
    if options.get("on_duplicate") not in list(OnDuplicate):
        raise Invalid({"on_duplicate": _("Choose one of: %s.") % ", ".join(OnDuplicate)})


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


def _begun(load: Load) -> Load:
    load.refresh_from_db()
    if load.is_over:
        raise RuleBroken(_("This load is over already."))
    if load.state != Load.State.RUNNING:
        load.created = load.updated = load.skipped = load.refused = load.rows_done = 0
        load.refusals.all().delete()
        load.state, load.started_at = Load.State.RUNNING, timezone.now()
        load.save()
    return load


def _write(load: Load, batch: Batch, importer: Any) -> bool:
    """Write a batch with its progress; False where the load was stopped meanwhile."""
    kept = False
    try:
        with transaction.atomic():
            fresh = Load.objects.select_for_update().get(pk=load.pk)
            if fresh.state != Load.State.RUNNING or fresh.rows_done != load.rows_done:
                load.refresh_from_db()
                return False
            with connection.cursor() as cursor:
                cursor.execute(_AT_WORK)
            outcomes = batch.apply(importer)
            LoadRefusal.objects.bulk_create(
                LoadRefusal(load=load, row=row, reason=reason)
                for row, reason in batch.refused.items()
            )
            for outcome in outcomes.values():
                setattr(load, outcome, getattr(load, outcome) + 1)
            load.refused += len(batch.refused)
            load.rows_done += len(batch.records)
            load.save(update_fields=["created", "updated", "skipped", "refused", "rows_done"])
        kept = True
    finally:
        importer.settle(kept=kept)
    return True


def _finished(load: Load) -> Load:
    if Load.objects.get(pk=load.pk).is_over:
        return load
    load.state, load.finished_at, load.rows = Load.State.DONE, timezone.now(), load.rows_done
    load.save(update_fields=["state", "finished_at", "rows"])
    return load


def _count(load: Load, counts: dict[Outcome, int], refused: int) -> None:
    load.created, load.updated, load.skipped = (counts[outcome] for outcome in Outcome)
    load.refused = refused
    load.rows_done = sum(counts.values()) + refused


def _begin_check(load: Load) -> None:
    """The moment a check began tells it from another one, begun after the columns changed."""
    if load.state != Load.State.CHECKING:
        load.state, load.started_at = Load.State.CHECKING, timezone.now()
        load.save(update_fields=["state", "started_at"])


def _still_checked(load: Load) -> QuerySet[Load]:
    return Load.objects.filter(pk=load.pk, state=Load.State.CHECKING, started_at=load.started_at)


def _counts(load: Load) -> dict[str, int]:
    names = ("created", "updated", "skipped", "refused", "rows_done")
    return {name: getattr(load, name) for name in names}


@transaction.atomic
def _checked(load: Load, refused: dict[int, str]) -> Load:
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
    return load


__all__ = [
    "BATCH",
    "cancel_load",
    "check_load",
    "discard_load",
    "error_file",
    "fail_check",
    "fail_load",
    "headings_of",
    "key_called",
    "map_columns",
    "media",
    "preview",
    "revive_load",
    "run_load",
    "send_load",
    "source_of",
    "start_load",
    "unfinished_like",
]
