"""Which database this process works with."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from circulo.config import env
from circulo.config.postgres import connection


def is_given() -> bool:
    """DATABASE_URL names a server that others run."""
    return bool(env.text("DATABASE_URL"))


def server() -> dict[str, Any]:
    """What DATABASE_URL names, or our own server: the keys of a libpq connection string."""
    return (
        dict(conninfo_to_dict(env.text("DATABASE_URL"))) if is_given() else connection(env.home())
    )
