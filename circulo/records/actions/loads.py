"""Bringing in a file: taken over, mapped, looked at, sent to run, and what is left of it.

A batch of rows is one transaction: its rows, the refusals and the progress are written together or
not at all, so that a load killed anywhere goes on where it stopped and doubles nothing
(`running.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later
from circulo.records import mapping as mappings
from circulo.records import sources
from circulo.records.actions.ending import tell_of_end
from circulo.records.actions.running import begun
from circulo.records.batches import Batch
from circulo.records.load_types import LoadType, OnDuplicate
from circulo.records.models import Load
from circulo.records.remembered import guessed, remember
from circulo.records.stored import media, stored
from circulo.records.tasks import source_of, task_of, type_of


def start_load(file: IO[bytes], name: str, type_name: str, *, by: User | None) -> Load:
    """Take a file over, find out how it is written, and map its columns by their names."""
    load_type = type_of(type_name)
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
    load_type = type_of(load.type)
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
    load_type = type_of(load.type)
    importer = load_type.opened(task_of(load, rehearsal=True))
    batch = Batch.read(sources.preview(source_of(load), count), importer, load_type.labels)
    return [(row, said, batch.refused.get(row, "")) for row, said in batch.records]


@transaction.atomic
def send_load(load: Load) -> Load:
    """Have the load done in the background; it goes on by itself after whatever interrupts it."""
    load = begun(load)
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


@transaction.atomic
def fail_load(load: Load, reason: str) -> None:
    """Note why a load cannot go on, and tell whoever began it."""
    Load.objects.filter(pk=load.pk).update(
        state=Load.State.FAILED, error=reason, finished_at=timezone.now()
    )
    tell_of_end(Load.objects.get(pk=load.pk))


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
    keys = type_of(type_name).keys
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


def _refuse_options(options: dict[str, Any], load_type: LoadType) -> None:
    if options.get("key") and options["key"] not in load_type.keys:
        raise Invalid({"key": _("The key is one of: %s.") % ", ".join(load_type.keys)})
    if options.get("on_duplicate") not in list(OnDuplicate):
        raise Invalid({"on_duplicate": _("Choose one of: %s.") % ", ".join(OnDuplicate)})
