"""The database of the tests, for processes that a test starts."""

from django.db import connection


def address() -> str:
    """What DATABASE_URL must hold to reach it, by network or by socket."""
    named = connection.settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = [f"{key}='{named[name]}'" for key, name in parts.items() if named[name]]
    return " ".join([*given, f"dbname='{named['NAME']}'"])
