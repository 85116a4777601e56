"""Own fields in a table that is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from circulo.records.models import OwnField
from circulo.records.own import links
from circulo.records.own.cells import cell_of
from circulo.records.own.computed import known_to
from circulo.records.own.definitions import defined

if TYPE_CHECKING:
    from circulo.accounts.models import User


_HOLDS = {
    OwnField.Kind.NUMBER: "number",
    OwnField.Kind.DATE: "day",
    OwnField.Kind.MOMENT: "moment",
    OwnField.Kind.YES_NO: "yes_no",
}


def holds_of(name: str) -> dict[str, str]:
    """What the columns of own fields hold besides text."""
    kinds = {one.name: OwnField.Kind(one.kind) for one in defined(name).fields.values()}
    return {column: _HOLDS[kind] for column, kind in kinds.items() if kind in _HOLDS}


class OwnCells:
    """What the own fields of a chunk of rows say in a file, within the rights of who takes it."""

    def __init__(self, user: User, name: str, fields: dict[str, OwnField]) -> None:
        self.user, self.name, self.fields = user, name, fields
        self.reads = ("custom", *defined(name).columns) if fields else ()

    def cells(self, rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
        """The cells of these rows, in the order of the fields."""
        if not self.fields:
            return [[] for _row in rows]
        customs = [known_to(self.user, self.name, row) for row in rows]
        links.hide_unseen(self.user, defined(self.name), customs)
        return [
            [cell_of(one, custom.get(key)) for key, one in self.fields.items()]
            for custom in customs
        ]
