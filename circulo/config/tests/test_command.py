"""bin/circulo: the commands of the apps, and how a call ends."""

import json
import subprocess
import sys
from pathlib import Path

from circulo.config.env import CHECKOUT
from circulo.config.tests.conftest import processes_of, without_a_server


def circulo(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "circulo.config.command", *arguments],
        cwd=CHECKOUT,
        env=without_a_server(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_the_commands_of_our_own_apps(home: Path) -> None:
    told = circulo(home, "--help")
    assert told.returncode == 0
    assert "doctor" in told.stdout
    assert "verify" in told.stdout
    assert "runserver" not in told.stdout


def test_a_command_starts_the_database_and_leaves_nothing_behind(begun_home: Path) -> None:
    told = circulo(begun_home, "verify", "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {"violations": []}
    assert not processes_of(begun_home)


def test_a_wrong_call_is_told_from_work_that_failed(home: Path) -> None:
    assert circulo(home, "conjure").returncode == 2
    assert circulo(home, "verify", "--conjure").returncode == 2


def test_the_doctor_speaks_even_without_a_database(home: Path) -> None:
    (home / "postgres").write_text("in the way")
    told = circulo(home, "doctor", "--json")
    assert told.returncode == 1
    states = {check["name"]: check["state"] for check in json.loads(told.stdout)["checks"]}
    assert states["database"] == "problem"
