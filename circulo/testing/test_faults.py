"""Parts of the running product are killed at work: what was answered is there, once.

With CIRCULO_FAULTS=20, web, worker and database die twenty times each.
"""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from circulo.config.tests.conftest import eventually
from circulo.testing import homes
from circulo.testing.faults.clients import Files, Notes
from circulo.testing.faults.judge import judge
from circulo.testing.faults.product import Part, started
from circulo.testing.faults.storm import Storm, enter, program, shuffled

ROWS = 20_000


@pytest.fixture
def home() -> Iterator[Path]:
    """The data folder of a firm that has started before."""
    with homes.begun() as folder:
        yield folder


@pytest.mark.parametrize("how", ["power cut", "Ctrl-C"])
def test_the_next_start_finishes_what_was_being_brought_in(home: Path, how: str) -> None:
    notes = Notes()
    with started(home) as product:
        _person, token = enter(product, notes)
        files = Files(program(product, notes, token), notes, 2 * ROWS)
        bringing = threading.Thread(target=files.bring, args=[0])
        bringing.start()
        eventually(lambda: any(rows for _moment, rows in notes.rows_seen), within=60)
        if how == "Ctrl-C":
            product.run.send_signal(signal.SIGINT)
            assert product.run.wait(15) == 0
        else:
            product.cut_the_power()
    assert not files.ends

    with started(home, int(product.base.rpartition(":")[2])) as again:
        bringing.join(90)
        verdict = judge(again, notes, files, [])

    assert verdict.is_clean, (verdict.lost, verdict.doubled, verdict.wrong)
    assert files.ends[0]["state"] == "done"


def test_nothing_is_lost_or_doubled_whatever_is_killed(home: Path) -> None:
    many = int(os.environ.get("CIRCULO_FAULTS", "0"))
    each = max(1, many // 2)
    counts = dict.fromkeys(Part, each) | {Part.WORKER: max(1, many)}

    verdict = Storm(shuffled(counts, 7), 7, ROWS, pause=(0.3, 2.0)).run(home)

    assert verdict.is_clean, (verdict.lost, verdict.doubled, verdict.wrong)
    assert set(verdict.kills) == set(Part)
    assert min(verdict.acknowledged.values()) > 0
