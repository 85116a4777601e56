"""What else happens when something is recorded: each app above says it in its `reactions.py`.

A reaction belongs to the transaction of the fact: it is three lines and an action.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User

# Told what was just recorded, and by whom.
Reaction = Callable[[Sequence[Interaction], "User | None"], object]
_reactions: list[tuple[frozenset[str], Reaction]] = []


def register(kinds: Sequence[Kind], reaction: Reaction) -> None:
    """Have something done when interactions of these kinds are recorded."""
    _reactions.append((frozenset(kinds), reaction))


def react_to(rows: Sequence[Interaction], *, by: User | None) -> None:
    """Do what follows from interactions that were just recorded."""
    _discover()
    for kinds, reaction in _reactions:
        concerned = [row for row in rows if row.kind in kinds]
        if concerned:
            reaction(concerned, by)


@cache
def _discover() -> None:
    autodiscover_modules("reactions")
