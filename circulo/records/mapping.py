"""Which column goes to which field: by the name of the column, whatever program wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import override

from circulo.lib.names import plain
from circulo.records.load_types import LoadField, LoadType

if TYPE_CHECKING:
    from circulo.accounts.models import User

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r" ?\b\d+\b")
_VALUE, _LABEL = re.compile("(.+) - value", re.I), re.compile("(.+) - (?:label|type)", re.I)
_MANY = frozenset(("emails", "phones", "faxes", "social", "tags", "notes", "website",
                   "emails_labels", "phones_labels"))  # fmt: skip


def guess(
    headings: Sequence[str],
    load_type: LoadType,
    user: User | None = None,
    sample: Sequence[Sequence[str]] = (),
) -> dict[str, str]:
    """The target of every column that can be told by its name; the others are left out.

    A second column for a field that holds one value is left out as well, and so is a field that
    this person's role does not get to see, and one that the values of the `sample` are no values
    of: what one program calls a title is a job, and an identifier that of somebody else.
    """
    fields = load_type.fields_for(user)
    known, fits = _known(fields), {f.name: f.fits for f in fields if f.fits}
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for at, heading in enumerate(headings):
        values = [cell for row in sample if at < len(row) and (cell := row[at].strip())]
        for target in _targets(folded(heading), known):
            name = target.partition(":")[0]
            is_free = target not in taken or _takes_many(name)
            if is_free and (not values or name not in fits or fits[name](values)):
                mapping[heading] = target
                taken.add(target)
                break
    return load_type.mended(mapping)


def folded(heading: str) -> str:
    """A heading without accents, capitals and signs, such as the star of what must be filled."""
    return _NOT_A_WORD.sub(" ", plain(heading)).strip()


def in_our_words(labels: Mapping[str, object]) -> dict[str, str]:
    """The values by what they are called, folded, in every language of ours."""
    known = {folded(value): value for value in labels}
    for language in ("es", "en"):
        with override(language):
            known |= {folded(str(label)): value for value, label in labels.items()}
    return known


class Column(NamedTuple):
    """A mapped column: its place, the field, the label of what it holds, or where that stands."""

    at: int
    name: str
    label: str
    labelled_at: int | None


def cells_of(row: Sequence[str], columns: Sequence[Column]) -> dict[str, list[tuple[str, str]]]:
    """What a row says: for each field the filled cells mapped to it, each with its label."""
    said: dict[str, list[tuple[str, str]]] = {}
    width = len(row)
    for at, name, label, labelled_at in columns:
        if at < width:
            cell = row[at].strip()
            if cell:
                if labelled_at is not None and labelled_at < width:
                    label = row[labelled_at].strip()
                said.setdefault(name, []).append((cell, label))
    return said


def columns_of(headings: Sequence[str], mapping: Mapping[str, str]) -> list[Column]:
    """The mapped columns; `Phone 1 - Label` says of each row what `Phone 1 - Value` is."""
    labels = {
        found[1].lower(): at
        for at, heading in enumerate(headings)
        if mapping.get(heading, "").endswith("_labels") and (found := _LABEL.fullmatch(heading))
    }
    columns: list[Column] = []
    for at, heading in enumerate(headings):
        name, _sign, label = mapping.get(heading, "").partition(":")
        pair = _VALUE.fullmatch(heading)
        if name and at not in labels.values():
            columns.append(Column(at, name, label, labels.get(pair[1].lower()) if pair else None))
    return columns


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
    return name in _MANY


def _known(fields: Sequence[LoadField]) -> dict[str, list[str]]:
    """Every known heading, folded, with the targets it may mean, the likeliest first.

    Names of fields are headings too, and mean their field before any other. What programs write
    without spaces (`MailingStreet`, `LASTNAME`) is known by the same words.
    """
    known: dict[str, list[str]] = {}
    for heading, target in _headings(fields):
        told = folded(heading)
        for way in dict.fromkeys((told, told.replace(" ", ""))):
            targets = known.setdefault(way, [])
            if target not in targets:
                targets.append(target)
    for entry in fields:
        for way in (folded(entry.name), folded(entry.name).replace(" ", "")):
            others = [target for target in known[way] if target != entry.name]
            known[way] = [entry.name, *others]
    return known


def _headings(fields: Sequence[LoadField]) -> Iterator[tuple[str, str]]:
    """Every heading with what it means."""
    for entry in fields:
        for heading in (entry.name, str(entry.label), *entry.headings):
            yield heading, entry.name
        for label, headings in entry.labelled.items():
            for heading in headings:
                yield heading, f"{entry.name}:{label}"


def _targets(heading: str, known: Mapping[str, list[str]]) -> list[str]:
    found = known.get(heading) or known.get(heading.replace(" ", ""))
    if found:
        return found
    several = known.get(_NUMBER.sub("", heading).strip(), ())
    return [target for target in several if _takes_many(target.partition(":")[0])]
