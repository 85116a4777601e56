"""What must be done once before the product can start: translations, static files, migrations,
demo.

`python -m circulo.config.prepare [--demo | --empty]`, with the database up. `is_needed` answers
without Django, so that a start with nothing to do costs nothing.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from circulo.config import database, env
from circulo.config.env import CHECKOUT, home
from circulo.config.released import HalfMigrated, ensure_whole
from circulo.config.words import gettext as _

VENDOR = {
    "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "newsreader.woff2": "@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2",
}
# What letters are printed with: typst reads no woff2, so they are unpacked.
PRINTED = [
    f"{family}-{subset}-wght-{slant}"
    for family in ("inter", "newsreader")
    for subset in ("latin", "latin-ext")
    for slant in ("normal", "italic")
]
PATTERNS = ("migrations/*.py", "static/**/*", "locale/*/LC_MESSAGES/*.po", "tracked.py")
# Parts of style sheets, and all that comes beside the one file of htmx that pages ask for.
UNASKED = ["web/css/*", "django_htmx/ext/*", "django_htmx/htmax-*", "django_htmx/htmx-[!2]*",
           "django_htmx/htmx-2.js", "django_htmx/django-htmx.js"]  # fmt: skip
FIRST_TIME = "first-time"
LOCK = 7_303_000_000_000

ATLAS = ("es-atlas/es/provinces.json", "world-atlas/countries-110m.json",
         "world-atlas/countries-50m.json")  # fmt: skip


def is_needed(server: dict[str, Any]) -> bool:
    """Something changed since the last time: the code, the packages, or the database."""
    try:
        done = json.loads((home() / "prepared.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    if (home() / FIRST_TIME).exists() or done.get("code") != _code():
        return True
    with psycopg.connect(**server) as link:
        return bool(done.get("database") != _state(link))


def files() -> None:
    """Translations, front-end files, fonts, static files: each only where its sources changed."""
    compile_messages()
    copy_vendor()
    unpack_fonts()
    draw_maps()
    collect_static()


def compile_messages() -> None:
    """Write the .mo beside each .po that is newer, without gettext's own tools."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in (CHECKOUT / "circulo").glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        new = target.with_suffix(f".{os.getpid()}")
        with source.open("rb") as words, new.open("wb") as compiled:
            write_mo(compiled, read_po(words, locale=source.parts[-3]))
        new.replace(target)


def copy_vendor() -> None:
    """Bring the front-end files of other people into the data folder, where Django finds them."""
    folder = home() / "vendor"
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in VENDOR.items():
        source, target = CHECKOUT / "node_modules" / path, folder / name
        if source.exists() and not _same_file(source, target):
            shutil.copy2(source, target)


def unpack_fonts() -> None:
    """Write the fonts of the front end as the press reads them, each once."""
    from fontTools.ttLib import TTFont

    folder = home() / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for name in PRINTED:
        family = name.partition("-")[0]
        packed = CHECKOUT / f"node_modules/@fontsource-variable/{family}/files/{name}.woff2"
        target = folder / f"{name}.ttf"
        if not packed.exists() or (target.exists() and _is_newer(target, packed)):
            continue
        font = TTFont(packed)
        font.flavor = None
        new = target.with_suffix(f".{os.getpid()}")
        font.save(new)
        new.replace(target)


def draw_maps() -> None:
    """Draw the maps that lists are shown on, each from the open data of its package."""
    from circulo.lib import atlas

    sources = [CHECKOUT / "node_modules" / path for path in ATLAS]
    made_of = [*sources, Path(atlas.__file__)]
    target = home() / "maps" / "places.json"
    if not all(source.exists() for source in sources):
        return
    if target.exists() and all(_is_newer(target, source) for source in made_of):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    spain, world, finer = (json.loads(source.read_bytes()) for source in sources)
    maps = {"spain": atlas.spain(spain).as_json(), "world": atlas.world(world, finer).as_json()}
    new = target.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps(maps, separators=(",", ":")), encoding="ascii")
    new.replace(target)


def _is_newer(target: Path, source: Path) -> bool:
    return target.stat().st_mtime_ns >= source.stat().st_mtime_ns


def collect_static() -> None:
    """Hash and compress the static files into the data folder."""
    stamp = home() / "static" / "stamp.json"
    mark = _mark(_sources(PATTERNS[1:2]))
    if stamp.exists() and stamp.read_text(encoding="ascii") == mark:
        return
    _django()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNASKED)
    stamp.write_text(mark, encoding="ascii")


def migrate(*, demo: bool, empty: bool) -> None:
    """Migrate; on a new database load the demo firm, unless it shall stay empty."""
    _django()
    from django.core.management import call_command, get_commands
    from django.db import connection

    from circulo.lib.acting import acting
    from circulo.records.tracking import keep_track

    ensure_whole(connection)
    marker = home() / FIRST_TIME
    if demo and "django_migrations" not in connection.introspection.table_names():
        marker.touch()
    call_command("migrate", interactive=False, verbosity=0)
    keep_track()
    if demo and marker.exists() and "demo" in get_commands():
        with acting(None, "command", kind="import"):
            call_command("demo")
    if demo or empty:
        marker.unlink(missing_ok=True)


def _note() -> None:
    from django.db import connection

    connection.ensure_connection()
    done = {"code": _code(), "database": _state(connection.connection)}
    new = home() / f"prepared.json.{os.getpid()}"
    new.write_text(json.dumps(done), encoding="utf-8")
    new.replace(home() / "prepared.json")


def _django() -> None:
    import django
    from django.apps import apps

    env.without_hurry()
    if not apps.ready:
        django.setup()


def _code() -> str:
    return _mark(_sources(PATTERNS))


def _sources(patterns: tuple[str, ...]) -> list[Path]:
    circulo = CHECKOUT / "circulo"
    depths = ("", "*/", "*/*/")
    own = [path for each in patterns for depth in depths for path in circulo.glob(depth + each)]
    locks = [CHECKOUT / "requirements.lock", CHECKOUT / "package-lock.json"]
    return sorted({*own, *locks, *(home() / "vendor").glob("*")})


def _mark(paths: list[Path]) -> str:
    """What the files are, by name, size and time of change; a data folder may lie anywhere."""
    said = hashlib.sha256(str(CHECKOUT).encode())
    for path in paths:
        with contextlib.suppress(OSError):
            seen = path.stat()
            name = path.relative_to(home()) if path.is_relative_to(home()) else path
            said.update(f"{name}\0{seen.st_size}\0{seen.st_mtime_ns}\0".encode())
    return said.hexdigest()


def _state(link: Any) -> str:
    """Which database this is and which migrations it has."""
    with link.cursor() as cursor:
        cursor.execute(
            "SELECT oid::text || ' ' || datname FROM pg_database WHERE datname = current_database()"
        )
        name = cursor.fetchone()[0]
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return f"{name} new"
        cursor.execute(
            "SELECT md5(string_agg(app || name, ' ' ORDER BY id)) FROM django_migrations"
        )
        return f"{name} {cursor.fetchone()[0]}"


def _same_file(source: Path, target: Path) -> bool:
    try:
        there, here = source.stat(), target.stat()
    except OSError:
        return False
    return (there.st_size, there.st_mtime_ns) == (here.st_size, here.st_mtime_ns)


@contextlib.contextmanager
def alone(server: dict[str, Any]) -> Iterator[bool]:
    """One process at a time prepares a database; whether this one had to wait for another.

    The lock goes with its connection, whatever becomes of the process.
    """
    with psycopg.connect(**server, autocommit=True) as held:
        row = held.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        waits = not (row and row[0])
        if waits:
            print(_("Another process is preparing Círculo: waiting for it."), file=sys.stderr)
            held.execute("SET statement_timeout = 0")
            held.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield waits


def main(arguments: list[str]) -> int:
    """Do it all, once, whoever else begins meanwhile."""
    server = database.server()
    with alone(server) as has_waited:
        if not has_waited or is_needed(server):
            files()
            migrate(demo="--demo" in arguments, empty="--empty" in arguments)
            _note()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except HalfMigrated as refusal:
        sys.exit(str(refusal))
