"""Who is at work, and through what: said once at an entrance, told to the database where it writes.

An entrance (a page, a call of the API, a load, a command) says `acting(…)`. The first statement of
a transaction that writes takes these words along as `circulo.by`, `circulo.through`,
`circulo.kind` and `circulo.change_set`; the ledger in the database reads them there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

TELL = """
    SELECT set_config('circulo.by', %s, true), set_config('circulo.through', %s, true),
           set_config('circulo.kind', %s, true), set_config('circulo.begun', %s, true),
           set_config('circulo.change_set',
                      COALESCE(%s, nextval('records_changeset_id_seq'))::text, true)
"""
FORGET = """
    SELECT set_config('circulo.by', '', true), set_config('circulo.through', '', true),
           set_config('circulo.kind', '', true), set_config('circulo.begun', '', true),
           set_config('circulo.change_set', '', true)
"""


@dataclass(eq=False)
class Act:
    """What somebody does in one go; its change set has a key as soon as anything is written.

    `is_begun` says that the change set is there already, as that of a load or an undo is.
    """

    by: int | None
    through: str
    kind: str = "edit"
    change_set: int | None = None
    is_begun: bool = False
    within: Act | None = None
    latest: int | None = None

    def told(self, change_set: int) -> None:
        """Remember under which change set the ledger keeps this act."""
        self.change_set = change_set
        around: Act | None = self
        while around:
            around.latest, around = change_set, around.within


_current: ContextVar[Act | None] = ContextVar("act", default=None)


def current() -> Act | None:
    """The act that is under way."""
    return _current.get()


def written() -> int | None:
    """The key of the change set that was written last; None where nothing was."""
    act = _current.get()
    return act.latest if act else None


@contextmanager
def acting(
    by: int | None, through: str, *, kind: str = "edit", change_set: int | None = None
) -> Iterator[Act]:
    """Within the block somebody is at work; with `change_set`, all of it belongs to that one."""
    with _at_work(Act(by, through, kind, change_set, change_set is not None)) as act:
        yield act


@contextmanager
def changing(kind: str, *, by: int | None) -> Iterator[Act]:
    """Within the block what is written is a change set of its own, of this kind.

    An act that is part of a larger one, as a merge bins who is merged, belongs to that.
    """
    around = _current.get()
    through = around.through if around else ""
    author = around.by if around and around.by is not None else by
    if around and (around.is_begun or around.kind != "edit"):
        yield around
        return
    with _at_work(Act(author, through, kind, within=around)) as act:
        yield act


@contextmanager
def _at_work(act: Act) -> Iterator[Act]:
    token = _current.set(act)
    try:
        yield act
    finally:
        _current.reset(token)


def tell(cursor: Any, act: Act | None) -> None:
    """Tell the database, for the transaction at hand, who writes."""
    if act is None:
        cursor.execute(FORGET)
        return
    begun = str(act.change_set) if act.is_begun else ""
    by = "" if act.by is None else str(act.by)
    cursor.execute(TELL, [by, act.through, act.kind, begun, act.change_set])
    act.told(int(cursor.fetchone()[4]))
