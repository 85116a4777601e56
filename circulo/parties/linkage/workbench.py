"""DuckDB and splink as this package uses them: loaded when needed, silent, without the network."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from splink import Linker

MEMORY = "2GB"
Tell = Callable[[str, str], None]


@contextmanager
def workbench(folder: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """A database of our own in memory; `folder` takes what does not fit."""
    import duckdb

    said: dict[str, Any] = {
        "threads": os.cpu_count() or 2,
        "memory_limit": MEMORY,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    if folder is not None:
        said["temp_directory"] = str(folder)
    database = duckdb.connect(":memory:", config=said)
    try:
        yield database
    finally:
        database.close()


def linker(database: DuckDBPyConnection, settings: dict[str, Any]) -> Linker:
    """splink over the table `records`."""
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    return Linker(DuckDBAPI(connection=database).register("records"), settings, log_level=None)


def number(database: DuckDBPyConnection, sql: str) -> int:
    """The one whole number that a question has for an answer."""
    return int(database.execute(sql).fetchall()[0][0])
