"""The product as bin/run starts it, and a hand that kills its parts."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import psutil
import psycopg

from circulo.config import postgres
from circulo.config.env import CHECKOUT


class Part(StrEnum):
    """What can be killed."""

    WEB_WORKER = "web worker"
    WEB_MASTER = "web master"
    WORKER = "worker"
    LIVE = "live"
    BACKEND = "database backend"
    POSTMASTER = "database"
    KEEPER = "database keeper"


_NAMES = {
    Part.WEB_MASTER: "gunicorn",
    Part.WORKER: "circulo.config.worker",
    Part.LIVE: "circulo.config.live",
    Part.KEEPER: "circulo.config.postgres.keeper",
}


class Product:
    """A running Círculo with a data folder and a database of its own."""

    def __init__(self, run: "subprocess.Popen[str]", home: Path) -> None:
        self.run, self.home = run, home
        self.base, self.first_link = "", ""
        self._wait()

    def kill(self, part: Part, chance: random.Random) -> bool:
        """Kill one process of this part at once; False where none is alive at this moment."""
        alive = self._processes(part)
        if not alive:
            return False
        with contextlib.suppress(psutil.Error):
            chance.choice(alive).send_signal(signal.SIGKILL)
            return True
        return False

    def cut_the_power(self) -> None:
        """Kill everything at once: what starts it again too, and the database."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                words = " ".join(process.cmdline())
                if self._is_ours(process, words) and process.pid != os.getpid():
                    process.send_signal(signal.SIGKILL)
        self.run.wait()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database itself says."""
        with psycopg.connect(**postgres.connection(self.home)) as database:
            return database.execute(sql.encode()).fetchall()

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """bin/circulo on this data folder."""
        return subprocess.run(
            [sys.executable, "-m", "circulo.config.command", *words],
            cwd=CHECKOUT,
            env=environment(self.home),
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self, name: str) -> str:
        """What a process of the product wrote of itself."""
        path = self.home / "logs" / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _processes(self, part: Part) -> list[psutil.Process]:
        if part in _NAMES:
            return self._named(_NAMES[part])
        if part == Part.WEB_WORKER:
            return [w for m in self._named(_NAMES[Part.WEB_MASTER]) for w in _children(m)]
        masters = [each for each in _all("postgres") if self._is_master(each)]
        if part == Part.POSTMASTER:
            return masters
        return [each for m in masters for each in _children(m) if _says(each, "circulo circulo")]

    def _named(self, word: str) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self.run.pid).children()
            return [child for child in children if _says(child, word)]
        return []

    def _is_ours(self, process: psutil.Process, words: str) -> bool:
        if "postgres:" in words:
            return str(process.cwd()).startswith(f"{self.home}/")
        return str(self.home) in words or process.environ().get("CIRCULO_HOME") == str(self.home)

    def _is_master(self, process: psutil.Process) -> bool:
        return _says(process, f"{self.home}/") and _says(process, "-D")

    def _wait(self) -> None:
        assert self.run.stdout
        said = ""
        for line in self.run.stdout:
            said += line
            if line.startswith("Círculo is ready at "):
                self.base = line.split()[-1]
            elif self.base and "/password/" in line:
                self.first_link = line.split()[-1].removeprefix(self.base)
            if self.base and (self.first_link or "/login" in line):
                threading.Thread(target=self.run.stdout.read, daemon=True).start()
                return
        raise AssertionError(f"bin/run did not get ready: {said}")


@contextlib.contextmanager
def started(home: Path, port: int = 0, *, workers: int = 4) -> Iterator[Product]:
    """The product on a data folder, until the end of the block."""
    run = subprocess.Popen(
        [sys.executable, "-P", "-m", "circulo.config.run", "--empty", "--port", str(port)],
        cwd=CHECKOUT,
        env=environment(home) | {"CIRCULO_WEB_WORKERS": str(workers)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    too_long = threading.Timer(180, run.kill)
    too_long.start()
    with run:
        try:
            product = Product(run, home)
            too_long.cancel()
            yield product
        finally:
            too_long.cancel()
            run.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(20)
            run.kill()


def environment(home: Path) -> dict[str, str]:
    """Of a process that works with this data folder and our own server."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {**kept, "CIRCULO_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}


def _all(name: str) -> list[psutil.Process]:
    return [each for each in psutil.process_iter(["name"]) if each.info["name"] == name]


def _children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        children: list[psutil.Process] = process.children()
        return children
    return []


def _says(process: psutil.Process, word: str) -> bool:
    with contextlib.suppress(psutil.Error):
        return word in " ".join(process.cmdline())
    return False
