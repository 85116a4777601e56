"""Preparing a database: by one process at a time, and once."""

import threading

import pytest

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
