"""One search for duplicates over the records of the product: all of them, or what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from circulo.parties.duplicates.kept import Kept
from circulo.parties.duplicates.reading import copy_records, copy_versions
from circulo.parties.linkage import records
from circulo.parties.linkage.engine import Pair, find_fresh_pairs, find_pairs
from circulo.parties.linkage.model import Model
from circulo.parties.linkage.workbench import Tell, number, workbench

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TOO_OLD, GROWN = timedelta(days=90), 2.0
MOST_FRESH = 0.1


@dataclass(frozen=True)
class Found:
    """What a search found, and of which records: `looked_at` are those that were compared anew,
    None for all."""

    pairs: list[Pair]
    records: int
    model: Model | None
    has_learned: bool = False
    looked_at: list[int] | None = None


@dataclass
class Search:
    """A search of one kind of record that is under way."""

    kind: str
    kept: Kept
    database: DuckDBPyConnection
    folder: Path
    tell: Tell

    def run(self, *, anew: bool) -> Found:
        """Compare what is necessary: with `anew` everything, by a model that is learned anew."""
        self.tell("read", "")
        copy_versions(self.database, self.kind, self.folder)
        count = number(self.database, "SELECT count(*) FROM now")
        model = None if anew else self.kept.model()
        if model is not None and _is_outdated(model, count):
            model = None
        if count < 2:
            return Found([], count, model)
        changed = self._changed() if model and self.kept.has_records() else None
        if model and changed is not None and len(changed) <= MOST_FRESH * count:
            return self._fresh(model, changed, count)
        return self._whole(model, count)

    def keep(self, found: Found) -> None:
        """Leave what the next search needs."""
        if found.model is None or number(self.database, "SELECT count(*) FROM now") < 2:
            return
        if found.looked_at is None:
            self.kept.keep_all(self.database, found.model)
        elif found.looked_at:
            self.kept.keep_fresh(self.database, found.model)

    def _whole(self, model: Model | None, count: int) -> Found:
        records.create_raw(self.database)
        copy_records(self.database, self.kind, self.folder)
        records.tidy(self.database, self.kind)
        pairs, learned = find_pairs(self.database, self.kind, model, tell=self.tell)
        return Found(pairs, count, learned, has_learned=model is None)

    def _changed(self) -> list[int]:
        """The keys of what was added, changed or taken away since the last search."""
        self.kept.open_records(self.database)
        rows = self.database.execute(
            """
            SELECT coalesce(n.id, s.unique_id) FROM now n
            FULL JOIN stored s ON s.unique_id = n.id
            WHERE n.version IS DISTINCT FROM s.version ORDER BY 1
            """
        ).fetchall()
        return [row[0] for row in rows]

    def _fresh(self, model: Model, changed: list[int], count: int) -> Found:
        if not changed:
            return Found([], count, model, looked_at=[])
        records.create_raw(self.database)
        copy_records(self.database, self.kind, self.folder, changed)
        records.tidy(self.database, self.kind, into="tidied")
        self.database.execute(
            """
            CREATE OR REPLACE TABLE records AS
            SELECT s.* FROM stored s SEMI JOIN now n ON n.id = s.unique_id AND n.version = s.version
            UNION ALL BY NAME SELECT * FROM tidied
            """
        ).fetchall()
        self.database.execute(
            "CREATE OR REPLACE TABLE fresh AS SELECT unique_id FROM tidied"
        ).fetchall()
        pairs = find_fresh_pairs(self.database, model, tell=self.tell)
        return Found(pairs, count, model, looked_at=changed)


def _is_outdated(model: Model, count: int) -> bool:
    """Whether a model was learned long ago, or of far fewer or more records."""
    age = datetime.now(UTC) - datetime.fromisoformat(model.learned_at)
    return age > TOO_OLD or not 1 / GROWN <= max(count, 1) / max(model.records, 1) <= GROWN


__all__ = ["Found", "Kept", "Search", "workbench"]
