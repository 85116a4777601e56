"""A process with the whole product loaded, from which each process of a site is born.

Loading it takes longer than most tests in a browser do: it is done once, and a fork has it at once.
What runs after the fork is what `bin/run` runs, by the same functions.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from circulo.config import live, logs, worker
from circulo.config.children import die_with_the_parent

_WEB = ["gunicorn", "-c", "python:circulo.config.web", "circulo.config.wsgi:application"]


class Zygote:
    """The side of whoever wants processes."""

    def __init__(self, environment: dict[str, str], door: socket.socket) -> None:
        """Load the product under this environment; its web server will stand at this door."""
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "circulo.testing.zygote"],
            env=environment,
            pass_fds=[door.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, role: str, log: Path) -> int:
        """Start a process that says on `log` what it has to say; its number."""
        return self._ask("start", role, str(log))

    def wait(self, number: int) -> int:
        """Wait for the end of a process; how it ended, as the system tells it."""
        return self._ask("wait", number)

    def end(self) -> None:
        """Let it go."""
        self.process.communicate(timeout=15)

    def _ask(self, *words: object) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def _web() -> None:
    from gunicorn.app import wsgiapp

    sys.argv = _WEB
    wsgiapp.run()


def _worker() -> None:
    asyncio.run(worker.main())


def _live() -> None:
    logs.configure()
    asyncio.run(live.serve())


_ROLES: dict[str, Callable[[], None]] = {"web": _web, "worker": _worker, "live": _live}


def _load() -> None:
    """Have all that a process of the product comes to need, so that it is shared."""
    import_module("circulo.config.wsgi")
    import_module("circulo.config.warm").up()


def _start(role: str, log: str) -> int:
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        die_with_the_parent()
        quiet = os.open(os.devnull, os.O_RDWR)
        said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for old, new in ((quiet, 0), (quiet, 1), (said, 2)):
            os.dup2(old, new)
        _ROLES[role]()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _wait(number: int) -> int:
    return os.waitpid(number, 0)[1]


def main() -> None:
    """Do what is asked, line by line, until nobody can ask any more."""
    die_with_the_parent()
    _load()
    todo: dict[str, Callable[..., int]] = {"start": _start, "wait": _wait}
    while line := sys.stdin.readline():
        what, *told = json.loads(line)
        print(todo[what](*told), flush=True)


if __name__ == "__main__":
    main()
