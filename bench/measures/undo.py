"""What the history costs, and how fast what was done is undone."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from bench.measures import load
from bench.product import connect, dumps
from bench.world import World
from circulo.config import env
from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.records.models import ChangeSet

EDITS = 300
POLL = 0.05
TABLES = ("parties_party", "parties_point", "parties_postaladdress", "parties_relationship")


def measure(world: World) -> list[Figure]:
    """A change of many records and its undo; a load with history and without, and its undo."""
    rows = min(100_000, world.size.contacts)
    load.ROWS, kept = rows, load.ROWS
    try:
        return [*_many(world, rows), *_loads(world, rows), _edit(world)]
    finally:
        load.ROWS = kept
        load._forget()


def _many(world: World, rows: int) -> list[Figure]:
    from circulo.accounts.models import User
    from circulo.desk.bulk import act_named, do_to_many
    from circulo.parties.models import Party
    from circulo.records.actions import undoing

    by = User.objects.get(email="manager@bench.example")
    act = act_named(by, "contacts", "lifecycle")
    assert act
    contacts = Party.objects.visible_to(by, "edit").people().exclude(lifecycle="partner")
    keys = list(contacts.order_by("pk").values_list("pk", flat=True)[:rows])
    began = time.monotonic()
    bulk = _ended(do_to_many("contacts", act, keys, "partner", by=by, label="bench"))
    changed = time.monotonic() - began
    began = time.monotonic()
    undo = _ended(undoing.undo_changes(bulk, by=by))
    undone = time.monotonic() - began
    told = f"{bulk.done:,} changed, {undo.done:,} undone, {undo.kept} kept"
    bare = len(keys) / _bare(keys)
    return [
        Figure("undo", "change of many records, with history", bulk.done / changed, "rows/s",
               20_000, bare, "one UPDATE without history", more_is_better=True, note=told),
        Figure("undo", "its undo", undo.done / undone, "rows/s", 20_000, bare,
               "one UPDATE without history", more_is_better=True),
    ]  # fmt: skip


def _ended(work: "ChangeSet") -> "ChangeSet":
    """The change set once the worker has done all of it."""
    while work.is_running:
        time.sleep(POLL)
        work.refresh_from_db(fields=["state", "done", "kept"])
    return work


def _bare(keys: list[int]) -> float:
    """Seconds for the same change by one statement, rolled back."""
    with _without_history(), connect() as database:
        database.execute("SET statement_timeout = 0")
        began = time.monotonic()
        database.execute(
            "UPDATE parties_party SET lifecycle = 'partner', version = version + 1,"
            " updated_at = now() WHERE id = ANY(%s)",
            [keys],
        )
        seconds = time.monotonic() - began
        database.rollback()
    return seconds


def _loads(world: World, rows: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contacts.csv"
        load._write(file, world.size.companies)
        with _without_history():
            bare, _told, _memory = load.load_file(file)
        load._forget()
        seconds, told, _memory = load.load_file(file)
        undone = undo_last_load()
    return [
        Figure("undo", "a load with history, beside one without", seconds / bare, "times", 1.6,
               note=f"{told}; {seconds:.1f} s, {bare:.1f} s without"),
        Figure("undo", "undo of that load", rows / undone, "rows/s", rows / seconds,
               rows / seconds, "the load itself", more_is_better=True),
    ]  # fmt: skip


def undo_last_load() -> float:
    """Seconds that the command took to undo the last load."""
    with connect() as database:
        row = database.execute("SELECT max(id) FROM records_load").fetchone()
    name = ids.encode("load", row[0] if row else 0)
    began = time.monotonic()
    command = [str(env.CHECKOUT / "bin" / "circulo"), "undo", name, "--json"]
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began


def _edit(world: World) -> Figure:
    """What history adds to an edit by API: the difference of the medians, taken turn by turn."""
    first = world.size.companies + 1
    with_it, without = _edits(world, first, "a"), 0.0
    with _without_history():
        without = _edits(world, first, "b")
    with_it = min(with_it, _edits(world, first, "c"))
    return Figure("undo", "history adds to an edit by API", with_it - without, "ms", 3,
                  note=f"{with_it:.2f} ms with it, {without:.2f} ms without")  # fmt: skip


def _edits(world: World, first: int, word: str) -> float:
    """The median of some edits, one after the other, in milliseconds."""
    requests = [
        world.api(
            f"contacts/{ids.encode('party', first + n)}",
            method="PATCH",
            body=dumps({"job_title": f"{word}{n}"}),
        )
        for n in range(EDITS)
    ]
    return world.once(requests).percentile(0.5)


@contextlib.contextmanager
def _without_history() -> Iterator[None]:
    """Within the block the triggers that keep it are off."""
    _triggers("DISABLE")
    try:
        yield
    finally:
        _triggers("ENABLE")


def _triggers(act: str) -> None:
    with connect() as database:
        for table in TABLES:
            for name in ("inserted", "updated", "deleted"):
                statement: Any = f"ALTER TABLE {table} {act} TRIGGER circulo_{name}"
                database.execute(statement)
