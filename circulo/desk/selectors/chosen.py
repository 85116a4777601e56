"""Which records an act on many means, and which of them a person may touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from circulo.accounts.models import User
from circulo.desk.selectors.lists import listed
from circulo.lib import ids
from circulo.records.resources import resource
from circulo.records.rosters import roster

MOST_AT_ONCE = 500_000
NAMED = 6


@dataclass(frozen=True)
class Chosen:
    """The records chosen, by key: how many, and those within the person's rights."""

    count: int
    keys: list[int] = field(default_factory=list)
    is_too_many: bool = False
    names: list[str] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        return self.count - len(self.keys)

    @property
    def unnamed(self) -> int:
        """How many more there are than are named."""
        return len(self.keys) - len(self.names)


@dataclass(frozen=True)
class Ticks:
    """What was ticked: single rows, or every row that a search and a criterion find."""

    identifiers: list[str]
    every: bool = False
    q: str = ""
    criterion: Any = None


def chosen(user: User, name: str, act: str, ticks: Ticks) -> Chosen:
    """The records that were ticked, and those of them that this act may touch."""
    kind, about = resource(name), roster(name)
    if ticks.every:
        rows = listed(kind, user, q=ticks.q, criterion=ticks.criterion)
    else:
        rows = kind.visible(user)
        keys = [ids.decode(about.key, one) for one in ticks.identifiers[:MOST_AT_ONCE]]
        rows = rows.filter(pk__in=[key for key in keys if key])
    seen = rows.order_by()[: MOST_AT_ONCE + 1].count()
    if seen > MOST_AT_ONCE:
        return Chosen(seen, [], is_too_many=True)
    allowed = rows.filter(pk__in=about.within(user, act).values("pk")).order_by("pk")
    names = [str(name) for name in allowed.values_list(about.leads, flat=True)[:NAMED]]
    return Chosen(seen, list(allowed.values_list("pk", flat=True)), names=names)
