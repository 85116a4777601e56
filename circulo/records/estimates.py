"""How long the long lists are, as the planner thinks: asked once in a while, not for every page."""

from collections.abc import Hashable
from time import monotonic
from typing import Generic, TypeVar

V = TypeVar("V")
KEPT_FOR, MOST_KEPT = 60.0, 2_000


class Estimates(Generic[V]):
    """Guesses of how many records a list has, kept for a minute in this process.

    What was counted exactly is never kept: whoever adds a record sees the number change.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[float, V]] = {}

    def of(self, asked: Hashable) -> V | None:
        """The guess, where it is not too old."""
        known = self._known.get(asked)
        return known[1] if known and known[0] > monotonic() else None

    def keep(self, asked: Hashable, guess: V) -> None:
        """Keep a guess."""
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[asked] = (monotonic() + KEPT_FOR, guess)


def rounded(count: int) -> int:
    """A guess as it is told: its first two digits."""
    size = int(10 ** max(len(str(count)) - 2, 0))
    return round(count / size) * size
