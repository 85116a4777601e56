"""bin/test: every test, or those of one app, on a PostgreSQL of its own, thrown away after."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from circulo.config import database, postgres, prepare
from circulo.config.env import CHECKOUT
from circulo.testing import browsers
from circulo.testing.database import delete_without_triggers, forget_it

MOST_WORKERS = 4


def main(arguments: list[str]) -> int:
    """Run pytest in a fresh data folder; `sales` stands for circulo/sales."""
    browsers.see_to_it()
    scratch = Path(tempfile.mkdtemp(prefix="circulo-test-")).resolve()
    scratch.chmod(0o711)
    os.environ["CIRCULO_HOME"] = str(scratch)
    try:
        if database.is_given():
            try:
                return _pytest(arguments)
            finally:
                forget_it()
        with postgres.running(scratch, durable=False):
            delete_without_triggers()
            return _pytest(arguments)
    finally:
        postgres.remove(scratch)


def _pytest(arguments: list[str]) -> int:
    prepare.files()
    chosen = [_path(argument) for argument in arguments]
    # One more than processors: tests in a browser wait a good part of their time.
    workers = str(min(MOST_WORKERS, (os.cpu_count() or 1) + 1))
    # Who is done first takes over from the others: the long tests stand together at the end.
    options = [] if _has_workers(chosen) else ["-n", workers, "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", *options, *chosen]
    return subprocess.run(command, cwd=CHECKOUT, check=False).returncode


def _path(argument: str) -> str:
    return f"circulo/{argument}" if (CHECKOUT / "circulo" / argument).is_dir() else argument


def _has_workers(arguments: list[str]) -> bool:
    return any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
