"""The process that holds the server: makes it, starts it, starts it again, stops it when nobody
needs it.

`python -m circulo.config.postgres.keeper HOME [--fast]`. One per data folder: a second one leaves
at once.
"""

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

from circulo.config.postgres import tuning
from circulo.config.postgres.place import Place, Unusable, settle

PATIENCE = 60.0
STOP_WITHIN = 12.0
ORPHANS_END_WITHIN = 2.0
LARGEST_LOG = 20 * 1024 * 1024
_LIBC = ctypes.CDLL(None)


class Keeper:
    """One server and the user locks that decide how long it stays."""

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.told_to_stop = False
        self.server: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Hold the server until nobody needs it; a server that dies is started again."""
        with open_lock(self.place.home, "users") as users:
            failing_since: float | None = None
            while not self.told_to_stop and not take(users, fcntl.LOCK_EX):
                if self.server is None or self.server.poll() is not None:
                    failing_since = failing_since or time.monotonic()
                    if time.monotonic() - failing_since > PATIENCE:
                        raise Unusable("The database does not start.")
                    self._start()
                    time.sleep(0.2)
                elif status(self.place) == "ready":
                    failing_since = None
                time.sleep(0.1)
            self._stop()

    def stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _start(self) -> None:
        clear_stale(self.place)
        if not self.place.data.exists():
            _make(self.place, durable=self.durable)
        tuning.write(self.place, durable=self.durable)
        with _log(self.place) as log:
            self.server = subprocess.Popen(
                [self.place.program("postgres"), "-D", str(self.place.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.place.base,
                env=_environment(),
                preexec_fn=_die_with_the_keeper,
                **self.place.as_user(),
            )

    def _stop(self) -> None:
        """Fast first; where that takes too long, at once, and the next start replays the log."""
        if self.server is None or self.server.poll() is not None:
            return
        for number, patience in ((signal.SIGINT, STOP_WITHIN), (signal.SIGQUIT, 3.0)):
            self.server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(patience)
                return
        self.server.kill()


def status(place: Place) -> str:
    """What the server says of itself: starting, ready, stopping, or nothing."""
    lines = _pid_file(place)
    return lines[7].strip() if len(lines) > 7 else ""


def clear_stale(place: Place) -> None:
    """After a kill -9: wait for what is left of the old server to end, then forget its number.

    The number may belong to another process by now, on which PostgreSQL would refuse to start. Only
    when no process of the old server lives is it safe to take its mark away. A master is asked to
    shut down; what a dead master left can only make others wait.
    """
    began = time.monotonic()
    while left := _servers_of(place):
        masters = [pid for pid in left if _is_master(pid)]
        gently, patience = (
            (signal.SIGINT, STOP_WITHIN) if masters else (signal.SIGQUIT, ORPHANS_END_WITHIN)
        )
        is_too_long = time.monotonic() - began > patience
        for pid in left if is_too_long else masters or left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if is_too_long else gently)
        time.sleep(0.1)
    for path in (place.data / "postmaster.pid", place.socket / ".s.PGSQL.5432.lock"):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def open_lock(home: Path, name: str) -> Iterator[IO[bytes]]:
    """The lock file of this name in the data folder."""
    with open(home / f"postgres.{name}", "ab") as file:
        yield file


def take(file: IO[bytes], how: int) -> bool:
    """Lock the file if that is possible at once."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _servers_of(place: Place) -> list[int]:
    """The PostgreSQL processes, masters and backends, that work in this data folder."""
    return [int(pid) for pid in os.listdir("/proc") if pid.isdecimal() and _works_in(pid, place)]


def _works_in(pid: str, place: Place) -> bool:
    try:
        program = os.readlink(f"/proc/{pid}/exe")
        return "/postgres" in program and os.readlink(f"/proc/{pid}/cwd") == str(place.data)
    except OSError:
        return False


def _is_master(pid: int) -> bool:
    """Masters keep the words they were started with; backends say what they are at work on."""
    try:
        return b"\0-D\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _make(place: Place, *, durable: bool) -> None:
    """Make the data in a folder beside and move it into place whole."""
    new = place.base / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    _run(
        place,
        [
            "initdb",
            f"--pgdata={new}",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--auth=reject",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ],
    )
    alone = ["postgres", "--single", "-D", str(new), "-c", f"fsync={'on' if durable else 'off'}"]
    _run(
        place,
        [*alone, "postgres"],
        "CREATE ROLE circulo LOGIN CREATEDB\nCREATE DATABASE circulo OWNER circulo\n",
    )
    _run(
        place,
        [*alone, "circulo"],
        "SET SESSION AUTHORIZATION circulo\nCREATE EXTENSION unaccent\n"
        "CREATE EXTENSION pg_trgm\nCREATE EXTENSION btree_gin\n",
    )
    new.rename(place.data)


def _run(place: Place, command: list[str], said: str = "") -> None:
    done = subprocess.run(
        [place.program(command[0]), *command[1:]],
        input=said.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=place.base,
        env=_environment(),
        check=False,
        **place.as_user(),
    )
    with _log(place) as log:
        log.write(done.stdout)
    if done.returncode or b"ERROR:" in done.stdout or b"FATAL:" in done.stdout:
        raise Unusable(f"{command[0]} failed.")


def _log(place: Place) -> IO[bytes]:
    with contextlib.suppress(FileNotFoundError):
        if place.log.stat().st_size > LARGEST_LOG:
            place.log.replace(place.log.with_suffix(".1.log"))
    return open(place.log, "ab")


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C", "LC_ALL": "C"}


def _die_with_the_keeper() -> None:
    """Linux sends a fast shutdown when the keeper is gone, however it went."""
    _LIBC.prctl(1, int(signal.SIGINT))
    os.setsid()


def _become_the_keeper(lock: IO[bytes]) -> bool:
    """Take the lock; a few tries, for those who look whether it is held take it an instant."""
    for _ in range(20):
        if take(lock, fcntl.LOCK_EX):
            return True
        time.sleep(0.03)
    return False


def main(arguments: list[str]) -> int:
    """Hold the server of the data folder named first."""
    home = Path(arguments[0])
    home.mkdir(parents=True, exist_ok=True)
    with open_lock(home, "keeper") as lock:
        if not _become_the_keeper(lock):
            return 0
        lock.truncate(0)
        lock.write(str(os.getpid()).encode())
        lock.flush()
        try:
            keeper = Keeper(settle(home), durable="--fast" not in arguments)
            signal.signal(signal.SIGTERM, keeper.stop_soon)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            keeper.keep()
        except (Unusable, OSError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
