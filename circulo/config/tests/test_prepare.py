"""Preparing a database: by one process at a time, and once."""

import re
import threading
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles.storage import staticfiles_storage

from circulo.config import database, prepare


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a preparation would have done, in order, once the other one has ended."""
    steps: list[str] = []
    monkeypatch.setattr(prepare, "is_needed", lambda _server: "first" not in steps)
    monkeypatch.setattr(prepare, "files", lambda: steps.append("files"))
    monkeypatch.setattr(prepare, "migrate", lambda **_asked: steps.append("migrate"))
    monkeypatch.setattr(prepare, "_note", lambda: steps.append("note"))
    return steps


def test_who_comes_while_another_prepares_waits_and_does_nothing_twice(
    done: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with prepare.alone(database.server()) as has_waited:
        assert not has_waited
        second = threading.Thread(target=prepare.main, args=([],))
        second.start()
        second.join(1)
        assert second.is_alive()
        assert not done
        done.append("first")
    second.join(20)
    assert not second.is_alive()
    assert done == ["first"]
    assert "Círculo" in capsys.readouterr().err


def test_who_waited_for_one_that_died_prepares(done: list[str]) -> None:
    with prepare.alone(database.server()):
        second = threading.Thread(target=prepare.main, args=([],))
        second.start()
        second.join(1)
        assert not done
    second.join(20)
    assert done == ["files", "migrate", "note"]


def test_static_files_are_what_pages_ask_for_each_once_and_compressed(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(prepare, "home", lambda: tmp_path)

    prepare.collect_static()

    made = {str(path.relative_to(settings.STATIC_ROOT)) for path in tmp_path.rglob("*.*")}
    files = {name for name in made if not name.endswith((".br", ".gz", ".json"))}
    assert files
    assert all(re.search(r"[.][0-9a-f]{12}[.]\w+$", name) for name in files)
    assert len([name for name in files if "htmx" in name]) == 1
    asked = staticfiles_storage.url("django_htmx/htmx-2.min.js").removeprefix("/static/")
    assert {asked, f"{asked}.br", f"{asked}.gz"} <= made
    assert {"web", "vendor"} <= {name.partition("/")[0] for name in files}
