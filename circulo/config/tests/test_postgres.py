"""Our own PostgreSQL: it comes up, is shared, survives, and leaves nothing behind."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from circulo.config import postgres
from circulo.config.env import CHECKOUT
from circulo.config.tests.conftest import end_everything, eventually, processes_of


def ask(home: Path, question: str) -> object:
    with psycopg.connect(**postgres.connection(home), autocommit=True) as database:
        answer = database.execute(question)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def servers(home: Path) -> list[psutil.Process]:
    return [each for each in processes_of(home) if each.name() == "postgres"]


def keeper(home: Path) -> psutil.Process:
    (found,) = [each for each in processes_of(home) if "keeper" in " ".join(each.cmdline())]
    return found


def test_it_is_there_while_it_is_needed_and_gone_after(home: Path) -> None:
    with postgres.running(home, durable=False):
        assert str(ask(home, "SHOW server_version")).startswith("18")
        assert ask(home, "SELECT unaccent('Ibáñez')") == "Ibanez"
        assert ask(home, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        ask(home, "CREATE TABLE kept AS SELECT 7 AS value")

    assert not processes_of(home)
    with postgres.running(home, durable=False):
        assert ask(home, "SELECT value FROM kept") == 7


def test_it_listens_to_no_network_and_keeps_what_it_says(home: Path) -> None:
    with postgres.running(home):
        assert ask(home, "SHOW listen_addresses") == ""
        assert ask(home, "SHOW fsync") == "on"
        assert ask(home, "SHOW data_checksums") == "on"
        socket = Path(postgres.connection(home)["host"])
        assert socket.stat().st_mode & 0o077 == 0


def test_whoever_leaves_last_stops_it(home: Path) -> None:
    with postgres.running(home, durable=False):
        with postgres.running(home, durable=False):
            pass
        assert ask(home, "SELECT 1") == 1
    assert not servers(home)


def test_a_server_that_is_killed_comes_back_with_what_it_promised(home: Path) -> None:
    with postgres.running(home):
        ask(home, "CREATE TABLE kept AS SELECT 7 AS value")
        for process in servers(home):
            process.send_signal(signal.SIGKILL)

        def answers() -> bool:
            try:
                return ask(home, "SELECT value FROM kept") == 7
            except psycopg.Error:
                return False

        eventually(answers)


def test_after_everything_is_killed_the_next_start_recovers(home: Path) -> None:
    script = "import sys, time; from circulo.config import postgres; from pathlib import Path\n"
    script += "with postgres.running(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    user = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], cwd=CHECKOUT, stdout=subprocess.PIPE
    )
    with user:
        assert user.stdout and user.stdout.readline() == b"up\n"
        ask(home, "CREATE TABLE kept AS SELECT 7 AS value")
        end_everything(home)

    with postgres.running(home):
        assert ask(home, "SELECT value FROM kept") == 7


def test_a_server_does_not_outlive_a_keeper_that_is_killed(home: Path) -> None:
    with postgres.running(home, durable=False):
        keeper(home).kill()
        eventually(lambda: not servers(home))


def test_a_process_number_that_is_anothers_by_now_does_not_stop_the_start(home: Path) -> None:
    with postgres.running(home, durable=False):
        mark = home / "postgres" / "data" / "postmaster.pid"
        lines = mark.read_text().splitlines()
    lines[0] = str(os.getppid())
    mark.write_text("\n".join(lines) + "\n")

    with postgres.running(home, durable=False):
        assert ask(home, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_no_hindrance(home: Path) -> None:
    deep = home / ("long-" * 12) / ("name-" * 8)
    try:
        with postgres.running(deep, durable=False):
            assert ask(deep, "SELECT 1") == 1
    finally:
        postgres.remove(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_root_may_keep_its_data_where_no_other_user_can_enter(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    try:
        with postgres.running(closed / "home", durable=False):
            assert ask(closed / "home", "SELECT 1") == 1
            assert all(process.uids().real != 0 for process in servers(closed / "home"))
    finally:
        postgres.remove(closed / "home")


def test_a_folder_that_moves_takes_its_database_along(home: Path) -> None:
    with postgres.running(home / "before", durable=False):
        ask(home / "before", "CREATE TABLE kept AS SELECT 7 AS value")
    (home / "before").rename(home / "after")

    with postgres.running(home / "after", durable=False):
        assert ask(home / "after", "SELECT value FROM kept") == 7
    assert not (home / "before").exists()


def test_a_folder_without_the_database_it_names_within_gets_a_new_one(home: Path) -> None:
    with postgres.running(home / "before", durable=False):
        pass
    shutil.rmtree(home / "before" / "postgres")
    restored = (home / "before").rename(home / "restored")

    with postgres.running(restored, durable=False):
        assert ask(restored, "SELECT 1") == 1
    assert not (home / "before").exists()


@pytest.fixture
def closed(home: Path) -> Iterator[Path]:
    """A data folder of root's whose database lies outside it, with one table in it."""
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another user")
    (home / "closed").mkdir(mode=0o700)
    folder = home / "closed" / "home"
    with postgres.running(folder, durable=False):
        ask(folder, "CREATE TABLE kept AS SELECT 7 AS value")
    (folder / "prepared.json").write_text("{}")
    lies_in = Path(json.loads((folder / "postgres.json").read_text())["base"])
    yield folder
    shutil.rmtree(lies_in)


def test_a_database_that_lies_outside_follows_its_folder(closed: Path) -> None:
    moved = closed.rename(closed.with_name("moved"))

    with postgres.running(moved, durable=False):
        assert ask(moved, "SELECT value FROM kept") == 7


def test_a_copy_does_not_write_into_the_database_of_the_original(closed: Path) -> None:
    copy = closed.with_name("copy")
    shutil.copytree(closed, copy)

    with refused("of which .*/copy is a copy"), postgres.running(copy, durable=False):
        pass


def test_no_empty_database_takes_the_place_of_one_that_is_gone(closed: Path) -> None:
    noted = json.loads((closed / "postgres.json").read_text())
    gone = Path(noted["base"]).rename(closed.parent / "gone")

    try:
        with refused("is not there: put it back"), postgres.running(closed, durable=False):
            pass
    finally:
        gone.rename(noted["base"])


def test_a_folder_moved_out_of_reach_of_the_server_says_so(closed: Path, home: Path) -> None:
    with postgres.running(home / "open", durable=False):
        pass
    moved = (home / "open").rename(closed.with_name("open"))

    with refused(r"cannot enter there.*chmod o\+x"), postgres.running(moved, durable=False):
        pass


def refused(why: str) -> pytest.RaisesExc[postgres.DatabaseWillNotStart]:
    return pytest.raises(postgres.DatabaseWillNotStart, match=why)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become an ordinary user")
def test_an_ordinary_user_runs_the_server_as_itself(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    own = home / "own"
    own.mkdir()
    shutil.chown(own, nobody.pw_uid, nobody.pw_gid)
    script = "import sys, os; from circulo.config import postgres; from pathlib import Path\n"
    script += "import psycopg; home = Path(sys.argv[1])\n"
    script += "with postgres.running(home, durable=False):\n"
    script += (
        "    print(psycopg.connect(**postgres.connection(home)).execute('SELECT 1').fetchone())"
    )
    done = as_user(nobody, [python_for(nobody), "-c", script, str(own)])
    assert done.stdout.strip() == "(1,)", done.stderr


def as_user(user: pwd.struct_passwd, command: list[str]) -> subprocess.CompletedProcess[str]:
    packages = [str(CHECKOUT), *(path for path in sys.path if path.endswith("site-packages"))]
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env={"PYTHONPATH": ":".join(packages), "PATH": os.environ["PATH"]},
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )


def python_for(user: pwd.struct_passwd) -> str:
    """A Python like ours that this user may run; ours may lie in root's own folder."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            if as_user(user, [python, "-c", "import psycopg, circulo"]).returncode == 0:
                return python
        except OSError:
            continue
    pytest.skip("no Python that others may run, or a checkout that they cannot enter")


def test_a_folder_that_cannot_hold_a_database_is_told_why(home: Path) -> None:
    (home / "postgres").write_text("in the way")
    reason = "File exists|Not a directory"
    with (
        pytest.raises(postgres.DatabaseWillNotStart, match=reason),
        postgres.running(home, durable=False),
    ):
        pass
