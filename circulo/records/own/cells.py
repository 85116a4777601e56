"""Own fields in files: the headings they go by, what a cell says, and how it is written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from circulo.lib.readers import values as cells
from circulo.records.load_types import LoadField, Task
from circulo.records.mapping import folded
from circulo.records.models import OwnField
from circulo.records.own.definitions import Defined, defined
from circulo.records.own.values import refusal

Kind = OwnField.Kind


def load_fields(resource: str) -> tuple[LoadField, ...]:
    """The own fields that a column can be mapped to, known by key and by both labels."""
    return tuple(
        LoadField(one.name, one.both_labels, tuple(filter(None, (one.key, one.key.replace("_", " "),
                  one.label_es, one.label_en))))
        for one in defined(resource).stored.values() if one.kind != Kind.FILE
    )  # fmt: skip


class CellReader:
    """Reads the cells of own fields of one load, without asking the database."""

    def __init__(self, about: Defined, task: Task, people: Mapping[str, str]) -> None:
        self.task, self.people = task, people
        self.fields = about.stored
        self.words = {key: _words_of(one) for key, one in about.stored.items()}

    def read(self, key: str, cell: str) -> Any:
        """What a cell says for a field, as `values.read` takes it; Invalid where it says nothing
        that can be understood.
        """
        field = self.fields[key]
        try:
            return self._read(field, cell)
        except cells.Refused as refused:
            raise refusal(str(refused)) from refused

    def _read(self, field: OwnField, cell: str) -> Any:
        kind, order = Kind(field.kind), self.task.date_order
        readers: dict[OwnField.Kind, Callable[[], Any]] = {
            Kind.NUMBER: lambda: cells.number(cell, self.task.decimal),
            Kind.MONEY: lambda: self._money(cell),
            Kind.DATE: lambda: cells.day(cell, order),
            Kind.MOMENT: lambda: cells.moment(cell, order),
            Kind.TIME: lambda: cells.clock(cell),
            Kind.YES_NO: lambda: cells.boolean(cell),
            Kind.CHOICE: lambda: self._choice(field, cell),
            Kind.CHOICES: lambda: [self._choice(field, one) for one in cells.words(cell)],
            Kind.LINK: lambda: self.people.get(cell.lower(), cell),
        }
        return readers[kind]() if kind in readers else cell

    def _money(self, cell: str) -> Any:
        found = cells.money(cell, self.task.decimal)
        return found and {"amount": found[0], "currency": found[1] or None}

    def _choice(self, field: OwnField, cell: str) -> str:
        known = self.words[field.key]
        if folded(cell) not in known:
            offered = ", ".join(field.offered().values())
            raise refusal(_("“%(value)s” is none of: %(choices)s.")
                          % {"value": cell[:40], "choices": offered})  # fmt: skip
        return known[folded(cell)]


def _words_of(field: OwnField) -> dict[str, str]:
    """Each choice by its key and by what it is called in both languages."""
    known: dict[str, str] = {}
    for one in field.choices:
        for word in (one["key"], one.get("es", ""), one.get("en", "")):
            known.setdefault(folded(word), one["key"])
    return known


def cell_of(field: OwnField, value: Any) -> Any:
    """A value as a cell of a file, which can be read in again."""
    if isinstance(value, dict) and "amount" in value:
        return f"{value['amount']} {value.get('currency', '')}".strip()
    return cells.joined(map(str, value)) if isinstance(value, list) else value
