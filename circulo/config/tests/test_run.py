"""bin/run: everything comes up, survives being killed, stops when asked, leaves nothing behind."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from circulo.config.env import CHECKOUT
from circulo.config.tests.conftest import eventually, processes_of, without_a_server


@contextlib.contextmanager
def started(home: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    run = subprocess.Popen(
        [sys.executable, "-m", "circulo.config.run", "--empty", *arguments],
        cwd=CHECKOUT,
        env={**without_a_server(home), "CIRCULO_WEB_WORKERS": "2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    too_long = threading.Timer(240, run.kill)
    too_long.start()
    with run:
        try:
            yield run
        finally:
            too_long.cancel()
            run.kill()


def address_of(run: "subprocess.Popen[str]") -> str:
    assert run.stdout
    said = ""
    for line in run.stdout:
        said += line
        if line.startswith("Círculo is ready at "):
            return line.split()[-1]
    raise AssertionError(said)


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def named(home: Path, word: str) -> list[psutil.Process]:
    found = []
    for process in processes_of(home):
        with contextlib.suppress(psutil.Error):
            if word in " ".join(process.cmdline()):
                found.append(process)
    return found


def test_it_starts_serves_and_stops_when_asked(home: Path) -> None:
    with started(home, "--port", "0") as run:
        address = address_of(run)
        assert status_of(address + "/login") == 200
        assert status_of(address + "/healthz") == 200

        second = subprocess.run(
            [sys.executable, "-m", "circulo.config.run", "--port", "0"],
            cwd=CHECKOUT,
            env=without_a_server(home),
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert str(run.pid) in second.stderr

        asked_at = time.monotonic()
        run.send_signal(signal.SIGTERM)
        assert run.wait(15) == 0
        assert time.monotonic() - asked_at < 15
    assert not processes_of(home)


def test_what_is_killed_comes_back(begun_home: Path) -> None:
    with started(begun_home, "--port", "0") as run:
        address = address_of(run)
        for word in ("gunicorn", "circulo.config.live", "circulo.config.worker", "postgres/"):
            killed = kill(begun_home, word)
            eventually(partial(_others, begun_home, word, killed))
            eventually(lambda: status_of(address + "/healthz") == 200)


def kill(home: Path, word: str) -> set[int]:
    """Kill what a process is part of, as soon as it is there; the numbers of those killed."""
    eventually(partial(named, home, word))
    killed = named(home, word)
    for process in killed:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)
    return {process.pid for process in killed}


def _others(home: Path, word: str, killed: set[int]) -> set[int]:
    return {process.pid for process in named(home, word)} - killed


def test_nothing_outlives_a_run_that_is_killed(begun_home: Path) -> None:
    with started(begun_home, "--port", "0") as run:
        address_of(run)
        run.kill()
        eventually(lambda: not processes_of(begun_home))


def test_a_port_that_is_taken_is_named(begun_home: Path) -> None:
    with started(begun_home, "--port", "0") as run:
        port = address_of(run).rsplit(":", 1)[1]
        other = begun_home / "other"
        with started(other, "--port", port) as refused:
            assert refused.stdout
            assert port in refused.stdout.read()
            assert refused.wait(10) == 1


@pytest.mark.parametrize("call", [["--port", "many"], ["--unknown"]])
def test_a_wrong_call_is_refused_as_such(home: Path, call: list[str]) -> None:
    with started(home, *call) as run:
        assert run.wait(30) == 2
