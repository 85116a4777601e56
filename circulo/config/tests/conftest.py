"""Data folders with servers of their own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from circulo.testing import homes


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data folder; all that lives in it ends with it."""
    with homes.empty() as folder:
        yield folder
        end_everything(folder)


@pytest.fixture
def begun_home() -> Iterator[Path]:
    """The data folder of a firm that has started before."""
    with homes.begun() as folder:
        yield folder
        end_everything(folder)


def without_a_server(home: Path) -> dict[str, str]:
    """The environment of a process that works with this data folder and our own server."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {**kept, "CIRCULO_HOME": str(home)}


def processes_of(home: Path) -> list[psutil.Process]:
    """Every process that was started for a data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            told = process.environ().get("CIRCULO_HOME") == str(home)
            if told or any(str(home) in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return [each for each in found if each.pid != os.getpid()]


def end_everything(home: Path) -> None:
    """Kill whatever still works for a data folder, as a power cut would."""
    for process in processes_of(home):
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.Error:
            continue
    eventually(lambda: not processes_of(home))


def eventually(holds: Callable[[], object], within: float = 15.0) -> None:
    """Fail unless it holds soon."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)
