"""Needing the database for a while."""

import contextlib
import fcntl
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from circulo.config.env import CHECKOUT
from circulo.config.postgres.keeper import open_lock, take
from circulo.config.postgres.place import connection

STOP_WITHIN = 15.0
_keepers: list[subprocess.Popen[bytes]] = []


class DatabaseWillNotStart(Exception):
    """The keeper gave up; the text holds its last words and the log to read."""


@contextlib.contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[None]:
    """The server is up inside the block; whoever leaves last stops it."""
    home.mkdir(parents=True, exist_ok=True)
    with open_lock(home, "users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        keep_up(home, durable=durable)
        try:
            yield
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if not _others_need_it(users):
                _see_it_stop(home)
            _keepers[:] = [keeper for keeper in _keepers if _is_alive(keeper)]


def keep_up(home: Path, *, durable: bool = True, patience: float = 600.0) -> None:
    """Wait until the server answers, with a keeper at work; needs the user lock held."""
    deadline = time.monotonic() + patience
    keeper: subprocess.Popen[bytes] | None = None
    tried = 0
    while not answers(home):
        if (keeper is None or keeper.poll() is not None) and not _has_keeper(home):
            tried += 1 if keeper and keeper.returncode else 0
            if tried == 3:
                raise DatabaseWillNotStart(_last_words(home))
            keeper = _start_keeper(home, durable=durable)
        if time.monotonic() > deadline:
            raise DatabaseWillNotStart(_last_words(home))
        time.sleep(0.05)


def ensure(home: Path) -> None:
    """Start a keeper where there is none, without waiting: for who holds the lock for long."""
    if not _has_keeper(home):
        _start_keeper(home, durable=True)


def answers(home: Path) -> bool:
    """A server of ours listens on the socket of this data folder."""
    if not _has_keeper(home):
        return False
    path = Path(connection(home)["host"]) / ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.settimeout(2)
            probe.connect(str(path))
            probe.sendall(_hello())
            return probe.recv(1) == b"R"
        except OSError:
            return False


def _hello() -> bytes:
    """The first message of the protocol; the server answers R only when it takes connections."""
    body = (3 << 16).to_bytes(4) + b"user\0circulo\0database\0circulo\0\0"
    return (len(body) + 4).to_bytes(4) + body


def _has_keeper(home: Path) -> bool:
    with open_lock(home, "keeper") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _start_keeper(home: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "circulo.config.postgres.keeper", str(home)]
    (home / "logs").mkdir(exist_ok=True)
    with open(home / "logs" / "postgres.log", "ab") as log:
        keeper = subprocess.Popen(
            command if durable else [*command, "--fast"],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _keepers.append(keeper)
    return keeper


def _others_need_it(users: IO[bytes]) -> bool:
    """Somebody else holds the lock; the keeper, who takes it whole to stop, does not count."""
    if take(users, fcntl.LOCK_EX):
        fcntl.flock(users, fcntl.LOCK_UN)
        return False
    needed = take(users, fcntl.LOCK_SH)
    fcntl.flock(users, fcntl.LOCK_UN)
    return needed


def _see_it_stop(home: Path) -> None:
    """Wait for the server's end, unless somebody comes in the meantime who needs it."""
    deadline = time.monotonic() + STOP_WITHIN
    leave = time.monotonic() + 1.0
    while _has_keeper(home) and time.monotonic() < deadline:
        if time.monotonic() > leave and answers(home):
            return
        time.sleep(0.05)


def _is_alive(keeper: subprocess.Popen[bytes]) -> bool:
    """A keeper that let its lock go needs a moment to end."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        keeper.wait(0.5)
    return keeper.returncode is None


def _last_words(home: Path) -> str:
    log = home / "logs" / "postgres.log"
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(["The database does not start.", *lines[-5:], f"Log: {log}"])
