"""bin/run: the database, the web server, the worker and live updates, until Ctrl-C or SIGTERM."""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO

from circulo.config import database, env, postgres, prepare
from circulo.config.children import Child, trim
from circulo.config.postgres.borrow import ensure
from circulo.config.words import gettext as _

CHILDREN_STOP_WITHIN = 9.0


class Refused(Exception):
    """It cannot start; the text says why."""


class Stopped(BaseException):
    """Somebody asked to stop."""


def main(arguments: list[str]) -> int:
    """Run until asked to stop. 0: stopped as asked; 1: could not start; 2: called wrongly."""
    options = _parse(arguments)
    home = env.home()
    try:
        _listen_to_signals()
        with _only_one(home), _port(options.host, options.port) as listener:
            _tell_the_children(home, options.host, listener.getsockname()[1])
            _with_database(home, listener, empty=options.empty)
    except Stopped:
        pass
    except (Refused, postgres.DatabaseWillNotStart, postgres.Unusable, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bin/run", description=_("Start Círculo."))
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--empty", action="store_true", help=_("without the demo firm"))
    return parser.parse_args(arguments)


def _listen_to_signals() -> None:
    """The first signal unwinds everything; those that follow must not disturb the tidying up."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, stop)


def _only_one(home: Path) -> IO[str]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "logs").mkdir(exist_ok=True)
    lock = open(home / "run.lock", "a+", encoding="ascii")  # noqa: SIM115 (held while we run)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        other = lock.read().strip()
        lock.close()
        text = _("Círculo already runs on {home} (process {pid}).")
        raise Refused(text.format(home=home, pid=other)) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _port(host: str, port: int) -> socket.socket:
    """The port is ours from the start and outlives every restart of the web server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        text = _("Cannot listen on {host} port {port}: {why}. Choose another with --port.")
        raise Refused(text.format(host=host, port=port, why=error.strerror)) from None
    listener.listen(1024)
    return listener


def _tell_the_children(home: Path, host: str, port: int) -> None:
    everywhere = host in {"0.0.0.0", "::"}
    name = socket.gethostname() if everywhere else host
    address = f"[{name}]" if ":" in name else name
    os.environ["CIRCULO_HOME"] = str(home)
    os.environ.setdefault("CIRCULO_BASE_URL", f"http://{address}:{port}")
    env.keep_base_url(home)
    if everywhere:
        os.environ.setdefault("CIRCULO_HOSTS", ",".join(_own_addresses(name)))


def _own_addresses(name: str) -> list[str]:
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    return sorted({name, *found})


def _with_database(home: Path, listener: socket.socket, *, empty: bool) -> None:
    if database.is_given():
        _prepare_and_serve(home, listener, empty=empty)
        return
    with postgres.running(home):
        _prepare_and_serve(home, listener, empty=empty)


def _prepare_and_serve(home: Path, listener: socket.socket, *, empty: bool) -> None:
    if prepare.is_needed(database.server()):
        preparing = Child("prepare", "circulo.config.prepare", ["--empty" if empty else "--demo"])
        try:
            if preparing.run():
                raise Refused(_("Círculo could not be prepared; the lines above say why."))
        finally:
            preparing.ask_to_stop()
            preparing.wait(time.monotonic() + 5)
    (home / "login.txt").unlink(missing_ok=True)
    _serve(home, _children(listener))


def _children(listener: socket.socket) -> list[Child]:
    descriptor = listener.fileno()
    return [
        Child(
            "web",
            "gunicorn",
            ["-c", "python:circulo.config.web", "circulo.config.wsgi:application"],
            [descriptor],
            {"CIRCULO_BIND": f"fd://{descriptor}"},
        ),
        Child("live", "circulo.config.live"),
        Child("worker", "circulo.config.worker"),
    ]


def _serve(home: Path, children: list[Child]) -> None:
    told = False
    try:
        while True:
            for child in children:
                child.keep_up(_log(home, child.name))
            if not told and _answers():
                _tell_how_to_enter(home)
                told = True
            if not database.is_given():
                ensure(home)
            time.sleep(0.5 if told else 0.05)
    finally:
        deadline = time.monotonic() + CHILDREN_STOP_WITHIN
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait(deadline)


def _log(home: Path, name: str) -> Path | None:
    if os.environ.get("CIRCULO_LOGS") == "stderr":
        return None
    log = home / "logs" / f"{name}.log"
    trim(log)
    return log


def _answers() -> bool:
    """The web server is healthy and the first page comes: itself, or where it sends a stranger."""
    base = os.environ["CIRCULO_BASE_URL"]
    return _status(f"{base}/healthz") == 200 and 200 <= _status(f"{base}/") < 500


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _tell_how_to_enter(home: Path) -> None:
    print(f"Círculo is ready at {os.environ['CIRCULO_BASE_URL']}", flush=True)
    login = home / "login.txt"
    if login.exists():
        print(login.read_text(encoding="utf-8").rstrip(), flush=True)
        login.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
