"""The product as it runs: web server, live process and worker on the database of a test."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from circulo.testing import database
from circulo.testing.mailbox import Mailbox, open_mailbox
from circulo.testing.zygote import Zygote

_ROLES = ("live", "worker", "web")
_SHARED = ("static", "vendor", "media", "maps")


class Site:
    """One address at which tests, one after the other, have the product run for them.

    Its mails go to a box that each test finds empty.
    """

    def __init__(self, home: Path, door: socket.socket, mailbox: Mailbox, port: int) -> None:
        self.home = home
        self.mailbox = mailbox
        (home / "logs").mkdir()
        for name in _SHARED:
            (settings.HOME / name).mkdir(parents=True, exist_ok=True)
            (home / name).symlink_to(settings.HOME / name)
        self.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        self.zygote = Zygote(
            os.environ
            | {
                "CIRCULO_HOME": str(home),
                "DATABASE_URL": database.address(),
                "CIRCULO_BIND": f"fd://{door.fileno()}",
                "CIRCULO_BASE_URL": self.address,
                "CIRCULO_WEB_WORKERS": "2",
                "CIRCULO_SECRET_KEY": settings.SECRET_KEY,
                "CIRCULO_SMTP_HOST": "127.0.0.1",
                "CIRCULO_SMTP_PORT": str(port),
            },
            door,
        )

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the database of the test by new processes; the address, without a last slash."""
        self._forget()
        log = self.home / "logs" / "site.log"
        running = [self.zygote.start(role, log) for role in _ROLES]
        try:
            _wait_for(self.home / "live.sock")
            yield self.address
        finally:
            for number in running:
                os.kill(number, signal.SIGTERM)
            for number in running:
                self.zygote.wait(number)
            print(log.read_text(encoding="utf-8"), file=sys.stderr)

    def _forget(self) -> None:
        """Leave a folder as on the first day; what is made at some cost is shared by all tests."""
        self.mailbox.empty()
        for path in (*self.home.iterdir(), *(self.home / "logs").iterdir()):
            if not path.is_dir():
                path.unlink()


@contextmanager
def standing() -> Iterator[Site]:
    """A place for the product to run at, for many tests."""
    with (
        tempfile.TemporaryDirectory(prefix="circulo-site-") as folder,
        socket.create_server(("127.0.0.1", 0), backlog=128) as door,
        open_mailbox() as (mailbox, port),
    ):
        site = Site(Path(folder), door, mailbox, port)
        try:
            yield site
        finally:
            site.zygote.end()


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path.name} did not appear")
        time.sleep(0.02)
