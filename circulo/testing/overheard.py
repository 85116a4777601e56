"""What an address reads identifiers as: most know one kind of a good thirty."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from circulo.lib import ids

_MOST = 1 << 32  # no database of tests holds a higher key


@contextmanager
def overheard() -> Iterator[set[str]]:
    """The kinds for which identifiers were read meanwhile.

    Whoever has none of these kinds is not looked for there.
    """
    asked: set[str] = set()
    decode = ids.decode

    def listening(kind: str, identifier: str) -> int | None:
        asked.add(kind)
        return decode(kind, identifier)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "decode", listening)
        yield asked


def is_one_of(kinds: set[str], identifier: str) -> bool:
    """Whether it reads as a key that a database of tests may hold."""
    return any(0 < (ids.decode(kind, identifier) or 0) < _MOST for kind in kinds)
