"""Data folders for tests that start the whole product, each with a server of its own."""

import fcntl
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from circulo.config import postgres
from circulo.config.env import CHECKOUT
from circulo.testing.faults.product import environment

FILES = ("static", "vendor", "fonts", "maps")  # made when the tests began, as a start makes them


@contextmanager
def empty() -> Iterator[Path]:
    """A folder that the server's user may enter, with nothing in it; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="circulo-home-")).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        postgres.remove(folder)


@contextmanager
def begun() -> Iterator[Path]:
    """A folder as the first start of an empty firm left it; gone at the end."""
    with empty() as folder:
        subprocess.run(["cp", "-a", f"{_first()}/.", str(folder)], check=True)
        yield folder


def _first() -> Path:
    """The folder of a first start, made once for all processes of the tests."""
    made: Path = settings.HOME / "first-start"
    with (settings.HOME / "first-start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begins = settings.HOME / "begins"
            begins.mkdir(mode=0o711)
            ready = [str(settings.HOME / name) for name in FILES if (settings.HOME / name).exists()]
            subprocess.run(["cp", "-a", *ready, str(begins)], check=True)
            _start_once(begins)
            begins.rename(made)
    return made


def _start_once(home: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-P", "-m", "circulo.config.run", "--empty", "--port", "0"],
        cwd=CHECKOUT,
        env=environment(home) | {"CIRCULO_WEB_WORKERS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with run:
        assert run.stdout
        said = ""
        for line in run.stdout:
            said += line
            if line.startswith("Círculo is ready at "):
                run.send_signal(signal.SIGTERM)
        assert run.wait() == 0, said
