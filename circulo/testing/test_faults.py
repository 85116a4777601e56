"""Parts of the running product are killed at work: what was answered is there, once.

With CIRCULO_FAULTS=20, web, worker and database die twenty times each.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from circulo.config import postgres
from circulo.testing.faults.product import Part
from circulo.testing.faults.storm import Storm, shuffled

ROWS = 20_000


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data folder that the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="circulo-faults-")).resolve()
    folder.chmod(0o711)
    yield folder
    postgres.remove(folder)


def test_nothing_is_lost_or_doubled_whatever_is_killed(home: Path) -> None:
    many = int(os.environ.get("CIRCULO_FAULTS", "0"))
    each = max(1, many // 2)
    counts = dict.fromkeys(Part, each) | {Part.WORKER: max(1, many)}

    verdict = Storm(shuffled(counts, 7), 7, ROWS, pause=(0.3, 2.0)).run(home)

    assert verdict.is_clean, (verdict.lost, verdict.doubled, verdict.wrong)
    assert set(verdict.kills) == set(Part)
    assert min(verdict.acknowledged.values()) > 0
