"""The database of the tests: migrated once for all their processes, and how to reach it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from circulo.config.database import server

MIGRATED = "circulo_migrated"


def address() -> str:
    """What DATABASE_URL must hold to reach it, by network or by socket."""
    named = connection.settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = [f"{key}='{named[name]}'" for key, name in parts.items() if named[name]]
    return " ".join([*given, f"dbname='{named['NAME']}'"])


@contextmanager
def shared() -> Iterator[None]:
    """A transaction around several tests, each of which takes back what it did; gone at the end.

    It may stand idle for as long as the tests are given out.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
        transaction.set_rollback(True)


def copy_one() -> None:
    """Have the database of this process copied from one that whoever comes first migrates.

    To migrate takes seconds, to copy a moment.
    """
    mark = settings.HOME / "migrated"
    with (settings.HOME / "migrated.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            _migrate()
            mark.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED


def _migrate() -> None:
    """Make it as Django makes one for tests, and leave it: a copy is made of what nobody uses."""
    named = connection.settings_dict
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(named, "NAME", named["NAME"])
        patch.setitem(named["TEST"], "NAME", MIGRATED)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()


def delete_without_triggers() -> None:
    """Let the tests' own role empty tables quickly (`circulo.config.engine.operations`)."""
    with psycopg.connect(**server() | {"user": "postgres", "dbname": "postgres"}) as link:
        link.execute("GRANT SET ON PARAMETER session_replication_role TO circulo")


def forget_it() -> None:
    """Leave nothing on a server that others run."""
    with psycopg.connect(**server(), autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {MIGRATED}")
