"""The product under measurement: started by bin/run on a data folder of its own."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.drive import UNNUMBERED
from circulo.config import database, env, postgres
from circulo.config.postgres import connection

WORKERS = 4
PATIENCE = 180.0


class Product:
    """A running Círculo, and the keys to it."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, ready_in: float) -> None:
        self.process, self.port, self.ready_in = process, port, ready_in
        self.address = ("127.0.0.1", port)
        self.host = f"127.0.0.1:{port}"

    def request(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes = b"",
        again: bool = False,
        **headers: str,
    ) -> bytes:
        """An HTTP request, ready to be sent.

        Each sending of it is another question, whose answer has to be made, unless it is the very
        same `again`.
        """
        kind = headers.pop("Content_Type", "application/json")
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}"]
        lines += [] if again else [UNNUMBERED.decode()]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def memory(self) -> dict[str, float]:
        """The proportional share of memory of our own processes, in MB, the database apart."""
        own = psutil.Process(self.process.pid)
        shares: dict[str, float] = {}
        for each in [own, *own.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                if "postgres" not in each.name() and "keeper" not in " ".join(each.cmdline()):
                    words = [w for w in each.cmdline() if "circulo" in w or "gunicorn" in w]
                    name = (words or [each.name()])[0].rpartition(".")[2]
                    shares[name] = shares.get(name, 0.0) + each.memory_full_info().pss / 1e6
        return shares

    def cpu(self) -> tuple[float, float]:
        """Seconds of CPU that our own processes and those of the database used so far."""
        own = psutil.Process(self.process.pid)
        family = [own, *own.children(recursive=True)]
        theirs = [each for each in psutil.process_iter() if _is_database(each)]
        return sum(map(_used, set(family) - set(theirs))), sum(map(_used, theirs))


def _used(process: psutil.Process) -> float:
    """Its own seconds, and those of its children that are gone."""
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _is_database(process: psutil.Process) -> bool:
    """Whether it is a PostgreSQL process of the bench's own data folder."""
    with contextlib.suppress(psutil.Error):
        return bool(process.name() == "postgres" and process.cwd().startswith(str(env.home())))
    return False


@contextlib.contextmanager
def started(*, limit: float = PATIENCE) -> Iterator[Product]:
    """Start bin/run, wait until it says that it is ready, and stop it at the end."""
    port = _free_port()
    environment = {
        **os.environ,
        "CIRCULO_WEB_WORKERS": str(WORKERS),
        "CIRCULO_API_CALLS_PER_MINUTE": "0",
        "CIRCULO_BASE_URL": f"http://127.0.0.1:{port}",
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [str(env.CHECKOUT / "bin" / "run"), "--empty", "--port", str(port)],
        stdout=subprocess.PIPE, text=True, env=environment, cwd=env.CHECKOUT,
    )  # fmt: skip
    try:
        yield Product(process, port, _wait(process, began, limit))
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def _wait(process: "subprocess.Popen[str]", began: float, limit: float) -> float:
    assert process.stdout
    for line in process.stdout:
        if re.search(r"Círculo is ready", line):
            return time.monotonic() - began
        if time.monotonic() - began > limit:
            break
    raise SystemExit("bin/run did not get ready.")


def _free_port() -> int:
    first = int(os.environ.get("CIRCULO_BENCH_PORT", "8870"))
    for port in range(first, first + 30):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit("No free port.")


def connect(*, owner: bool = False) -> psycopg.Connection[Any]:
    """A bare connection; as `owner` without foreign keys being checked, for the data set."""
    server = database.server()
    if owner and not database.is_given():
        server = {**connection(env.home()), "user": "postgres"}
    link: psycopg.Connection[Any] = psycopg.connect(**server)
    if owner:
        link.execute("SET session_replication_role = replica")
        link.execute("SET maintenance_work_mem = '512MB'")
        link.commit()
    return link


@contextlib.contextmanager
def with_database() -> Iterator[None]:
    """The database is up inside of the block."""
    if database.is_given():
        yield
        return
    with postgres.running(env.home()):
        yield


def keys(email: str) -> tuple[str, str]:
    """An API token and a session cookie of somebody."""
    from django.conf import settings
    from django.test import Client

    from circulo.accounts import actions
    from circulo.accounts.models import User

    user = User.objects.get(email=email)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return actions.add_token(user, name="bench"), f"{name}={client.cookies[name].value}"


def own_home(name: str) -> Path:
    """Benchmarks never touch the data of the installation: they keep their own beside it."""
    given = os.environ.get("CIRCULO_BENCH_HOME")
    home = ((Path(given) if given else env.home() / "bench") / name).resolve()
    os.environ["CIRCULO_HOME"] = str(home)
    return home


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
