"""The product as it runs: web server, live process and worker on the database of a test."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from circulo.config.env import CHECKOUT

WEB = ["-m", "gunicorn", "-c", "python:circulo.config.web", "circulo.config.wsgi:application"]
LIVE = ["-m", "circulo.config.live"]
WORKER = ["-m", "circulo.config.worker"]


@contextmanager
def serving(*, workers: int = 2) -> Iterator[str]:
    """Serve the test database from processes of its own; the address, without a last slash."""
    with (
        tempfile.TemporaryDirectory(prefix="circulo-site-") as folder,
        socket.create_server(("127.0.0.1", 0), backlog=128) as listener,
    ):
        home = Path(folder)
        for name in ("static", "vendor", "media", "maps"):
            (settings.HOME / name).mkdir(parents=True, exist_ok=True)
            (home / name).symlink_to(settings.HOME / name)
        (home / "logs").mkdir()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {
            **os.environ,
            "CIRCULO_HOME": str(home),
            "DATABASE_URL": test_database(),
            "CIRCULO_BIND": f"fd://{listener.fileno()}",
            "CIRCULO_BASE_URL": address,
            "CIRCULO_WEB_WORKERS": str(workers),
            "CIRCULO_SECRET_KEY": settings.SECRET_KEY,
            "CIRCULO_SMTP_HOST": str(settings.EMAIL_HOST),
            "CIRCULO_SMTP_PORT": str(settings.EMAIL_PORT),
        }
        running = [_start(command, environment, listener, home) for command in (LIVE, WORKER, WEB)]
        try:
            _wait_for(home / "live.sock")
            yield address
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(15)
            print((home / "logs" / "site.log").read_text(encoding="utf-8"), file=sys.stderr)


def test_database() -> str:
    """The database of this test as another process reaches it."""
    named = connection.settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = " ".join(f"{key}='{named[name]}'" for key, name in parts.items() if named[name])
    return f"{given} dbname='{named['NAME']}'"


test_database.__test__ = False  # type: ignore[attr-defined]  # its name begins like a test's


def _start(
    command: list[str], environment: dict[str, str], listener: socket.socket, home: Path
) -> subprocess.Popen[bytes]:
    with open(home / "logs" / "site.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=CHECKOUT,
            env=environment,
            pass_fds=[listener.fileno()],
            stderr=log,
        )


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path.name} did not appear")
        time.sleep(0.05)
