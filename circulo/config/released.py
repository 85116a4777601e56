"""Databases from before the first release, whose migrations have since become one for each app."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from circulo.config.words import gettext as _

# The last commit that has every migration from before the first release.
LAST_BEFORE = "03912a6"
TOLD = 5


class HalfMigrated(Exception):
    """Some migrations are missing that nothing can make up for; the text says how to mend it."""

    def __init__(self, names: list[str]) -> None:
        self.names = ", ".join(names[:TOLD]) + (", …" if len(names) > TOLD else "")
        super().__init__(
            _(
                "This database stopped halfway: it lacks migrations from before the first"
                " release ({names}). Those of each app are now one, which can only follow all of"
                " them. Start the database once with the last version that has them (git checkout"
                " {version}, bin/run) and then with this one; or begin with an empty database."
            ).format(names=self.names, version=LAST_BEFORE)
        )


def ensure_whole(connection: Any) -> None:
    """Refuse what Django would take for a database in order, or for a fault of the code."""
    from django.db.migrations.recorder import MigrationRecorder

    lacking = missing(MigrationRecorder(connection).applied_migrations())
    if lacking:
        raise HalfMigrated(lacking)


def missing(applied: Collection[tuple[str, str]]) -> list[str]:
    """The replaced migrations that lack in apps which have others of them."""
    from django.db.migrations.loader import MigrationLoader

    lacking = []
    for migration in MigrationLoader(None).replacements.values():
        left = [step for step in migration.replaces if step not in applied]
        if len(left) < len(migration.replaces):
            lacking += [f"{app}.{name}" for app, name in left]
    return sorted(lacking)
