"""Which column goes to which field: by the name of the column, whatever program wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from circulo.lib.names import plain
from circulo.records.load_types import LoadField, LoadType

if TYPE_CHECKING:
    from circulo.accounts.models import User

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r" ?\b\d+\b")


def guess(headings: Sequence[str], load_type: LoadType, user: User | None = None) -> dict[str, str]:
    """The target of every column that can be told by its name; the others are left out.

    A second column for a field that holds one value is left out as well, and so is a field that
    this person's role does not get to see.
    """
    known = _known(load_type.fields_for(user))
    single = {f.name for f in load_type.fields if not _takes_many(f.name)}
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for heading in headings:
        target = _target(folded(heading), known)
        if target and not (target in taken and target in single):
            mapping[heading] = target
            taken.add(target)
    return load_type.mended(mapping)


def folded(heading: str) -> str:
    """A heading without accents, capitals and signs, such as the star of what must be filled."""
    return _NOT_A_WORD.sub(" ", plain(heading)).strip()


def cells_of(
    row: Sequence[str], columns: Sequence[tuple[int, str, str]]
) -> dict[str, list[tuple[str, str]]]:
    """What a row says: for each field the filled cells mapped to it, each with its label."""
    said: dict[str, list[tuple[str, str]]] = {}
    width = len(row)
    for at, name, label in columns:
        if at < width:
            cell = row[at].strip()
            if cell:
                said.setdefault(name, []).append((cell, label))
    return said


def columns_of(headings: Sequence[str], mapping: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """The mapped columns: their place, the field, and the label of what they hold."""
    found = []
    for at, heading in enumerate(headings):
        name, _sign, label = mapping.get(heading, "").partition(":")
        if name:
            found.append((at, name, label))
    return found


def unknown_targets(
    mapping: Mapping[str, str], load_type: LoadType, user: User | None = None
) -> list[str]:
    """The targets of a mapping that are no field of this type, or none that this person sees."""
    names = {f.name for f in load_type.fields_for(user)}
    return sorted({t for t in mapping.values() if t and t.partition(":")[0] not in names})


def fought_for(mapping: Mapping[str, str]) -> list[str]:
    """The fields of one value that several columns go to: only the first filled one counts."""
    counted = Counter(target for target in mapping.values() if target)
    return [t for t, count in counted.items() if count > 1 and not _takes_many(t.split(":")[0])]


def _takes_many(name: str) -> bool:
    return name in ("emails", "phones", "faxes", "social", "tags", "notes", "website")


def _known(fields: Sequence[LoadField]) -> dict[str, str]:
    """Every known heading, folded, with its target; names of fields are headings too."""
    known: dict[str, str] = {}
    for entry in fields:
        known[folded(entry.name)] = entry.name
        known.setdefault(folded(str(entry.label)), entry.name)
        for heading in entry.headings:
            known.setdefault(folded(heading), entry.name)
        for label, headings in entry.labelled.items():
            for heading in headings:
                known.setdefault(folded(heading), f"{entry.name}:{label}")
    return known


def _target(heading: str, known: Mapping[str, str]) -> str:
    if heading in known:
        return known[heading]
    target = known.get(_NUMBER.sub("", heading).strip(), "")
    return target if _takes_many(target.partition(":")[0]) else ""
