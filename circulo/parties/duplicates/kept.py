"""What one search leaves for the next in the data folder: the model, and the records as compared.

The records are kept in two files: all of them as they were when the model was last applied to all,
and those that changed since. Losing them costs the time of a whole search and nothing else.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from circulo.lib.errors import RuleBroken
from circulo.parties.linkage.model import Model
from circulo.parties.linkage.records import FORM
from circulo.parties.linkage.workbench import number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_FRESH = 0.05


class Kept:
    """The files of one kind of record."""

    def __init__(self, kind: str) -> None:
        self.folder = Path(settings.HOME) / "duplicates"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.model_file = self.folder / f"{kind}.json"
        self.all_file = self.folder / f"{kind}-{FORM}.parquet"
        self.fresh_file = self.folder / f"{kind}-{FORM}-fresh.parquet"

    @contextmanager
    def alone(self) -> Iterator[Path]:
        """A folder to work in, for one search at a time."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RuleBroken(
                    _("Duplicates are being looked for already: wait until that is done.")
                ) from error
            with TemporaryDirectory(dir=self.folder) as folder:
                yield Path(folder)

    def model(self) -> Model | None:
        """The model as it was last learned."""
        if not self.model_file.exists():
            return None
        return Model.from_json(self.model_file.read_text(encoding="utf-8"))

    def has_records(self) -> bool:
        """Whether records were kept, as this version of the program compares them."""
        return self.all_file.exists()

    def open_records(self, database: DuckDBPyConnection) -> None:
        """Make the table `stored` of the records as they were at the last search."""
        fresh = f"read_parquet('{self.fresh_file}')"
        sql = f"SELECT * FROM read_parquet('{self.all_file}')"
        if self.fresh_file.exists():
            sql += f" WHERE unique_id NOT IN (SELECT unique_id FROM {fresh})"
            sql += f" UNION ALL BY NAME SELECT * FROM {fresh}"
        database.execute(f"CREATE OR REPLACE TABLE stored AS {sql}").fetchall()

    def keep_all(self, database: DuckDBPyConnection, model: Model) -> None:
        """Keep the model and the whole table `records`."""
        self._write(database, "SELECT * FROM records", self.all_file)
        self.fresh_file.unlink(missing_ok=True)
        new = self.model_file.with_suffix(".new")
        new.write_text(model.as_json(), encoding="utf-8")
        os.replace(new, self.model_file)

    def keep_fresh(self, database: DuckDBPyConnection, model: Model) -> None:
        """Keep of the table `records` what changed since all of it was kept; all where that is
        much by now."""
        database.execute(
            f"""
            CREATE OR REPLACE TABLE changed AS SELECT * FROM records
            ANTI JOIN read_parquet('{self.all_file}') USING (unique_id, version)
            """
        ).fetchall()
        changed = number(database, "SELECT count(*) FROM changed")
        if changed > MOST_FRESH * number(database, "SELECT count(*) FROM records"):
            self.keep_all(database, model)
        else:
            self._write(database, "SELECT * FROM changed", self.fresh_file)

    def _write(self, database: DuckDBPyConnection, sql: str, path: Path) -> None:
        new = path.with_suffix(".new")
        database.execute(f"COPY ({sql}) TO '{new}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
        os.replace(new, path)
