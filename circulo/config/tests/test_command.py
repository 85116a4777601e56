"""bin/circulo: the commands of the apps, and how a call ends."""

import gettext
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from circulo.config import postgres
from circulo.config.env import CHECKOUT
from circulo.config.library import library_speaks
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


def each_of(home: Path, calls: Iterable[Sequence[str]]) -> "list[subprocess.CompletedProcess[str]]":
    """The same for many calls, each a process of its own: all are born of one that loaded Django.

    To load it takes longer than what most calls do.
    """
    born = subprocess.run(
        [sys.executable, "-m", "circulo.config.tests.calls", json.dumps(list(calls))],
        cwd=CHECKOUT,
        env=without_a_server(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return [subprocess.CompletedProcess(*told) for told in json.loads(born.stdout)]


def test_help_names_the_commands_of_our_own_apps(home: Path) -> None:
    told = circulo(home, "--help")
    assert told.returncode == 0
    assert "doctor" in told.stdout
    assert "verify" in told.stdout
    assert "runserver" not in told.stdout


def test_a_command_starts_the_database_and_leaves_nothing_behind(begun_home: Path) -> None:
    prepared = begun_home / "prepared.json"
    noted = prepared.stat().st_mtime_ns
    told = circulo(begun_home, "verify", "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {"violations": []}
    assert not processes_of(begun_home)
    assert prepared.stat().st_mtime_ns == noted  # though the folder lies elsewhere than it began


def test_a_wrong_call_is_told_from_work_that_failed(home: Path) -> None:
    assert circulo(home, "conjure").returncode == 2
    assert circulo(home, "verify", "--conjure").returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        "conjure",
        "load x.csv --as nope",
        "load x.csv",
        "user add ana@example.com --role boss",
    ],
)
def test_a_wrong_call_is_one_object_where_json_is_asked_for(home: Path, words: str) -> None:
    told, spoken = each_of(home, [[*words.split(), "--json"], words.split()])
    assert told.returncode == 2
    assert json.loads(told.stdout)["error"]["code"] == "wrong_call"

    assert (spoken.returncode, spoken.stdout) == (2, "")
    assert json.loads(told.stdout)["error"]["message"] in spoken.stderr
    assert "Traceback" not in spoken.stderr


def test_what_cannot_be_done_is_one_object_too(begun_home: Path, tmp_path: Path) -> None:
    names = ("a.csv", "unknown.csv", "odd.json", "deep.json")
    file, unknown, odd, deep = (tmp_path / name for name in names)
    file.write_text("Nombre,Email\nAna,ana@example.com\n")
    unknown.write_text("Color,Forma\nrojo,redondo\n")
    odd.write_text('{"Nombre": "no_such_field"}')
    deep.write_text("[" * 200_000)
    calls = {
        ("load", str(tmp_path / "none.csv"), "--as", "contacts"): 2,
        ("load", str(file), "--as", "contacts", "--key", "shoe_size"): 2,
        ("load", str(file), "--as", "contacts", "--mapping", str(odd)): 2,
        ("load", str(file), "--as", "contacts", "--mapping", str(deep)): 2,
        ("load", str(unknown), "--as", "appointments"): 1,
        ("undo", "nothing"): 2,
        ("token", "nobody@example.com"): 2,
        ("user", "add", "ana@example.com", "--role", "seller", "--team", "Nowhere"): 2,
        ("dump", "contacts", str(tmp_path / "x.csv"), "--filter", "[" * 50_000): 2,
        ("dump", "contacts", str(tmp_path / "none" / "x.csv")): 2,
        ("dump", "contacts", str(tmp_path / "x.exe")): 2,
    }
    with postgres.running(begun_home):
        answers = each_of(begun_home, [[*call, "--json"] for call in calls])
    for (call, status), told in zip(calls.items(), answers, strict=True):
        assert told.returncode == status, (call[:3], told.stderr[-500:])
        assert set(json.loads(told.stdout)) == {"error"}, call[:3]
        assert "Traceback" not in told.stderr, call[:3]


def test_help_is_in_the_language_of_the_terminal(home: Path) -> None:
    with library_speaks():
        told = circulo(home, "load", "--help").stdout
        assert all(gettext.gettext(said) in told for said in ("options", "usage: "))
    assert "--pythonpath" not in told


def test_the_doctor_speaks_even_without_a_database(home: Path) -> None:
    (home / "postgres").write_text("in the way")
    told = circulo(home, "doctor", "--json")
    assert told.returncode == 1
    states = {check["name"]: check["state"] for check in json.loads(told.stdout)["checks"]}
    assert states["database"] == "problem"
