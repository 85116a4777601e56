"""What must always be true of the data, stated by each app in its `invariants.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Violation:
    """One thing that is not as it must be."""

    kind: str
    key: int
    detail: str = ""


@dataclass(frozen=True)
class Invariant:
    """A truth, how to find what breaks it, and how to mend it where it can be worked out anew."""

    name: str
    says: str | Promise
    find: Callable[[], Iterable[Violation]]
    mend: Callable[[list[int]], object] | None = None


def rows(kind: str, found: Iterable[tuple[int, str]]) -> list[Violation]:
    """Violations by records of one kind, from keys and details."""
    return [Violation(kind, key, detail) for key, detail in found]
