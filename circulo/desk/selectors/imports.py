"""What the screens of an import show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.models import User
from circulo.lib.errors import RuleBroken
from circulo.lib.format import day as written_day
from circulo.lib.readers import values
from circulo.parties.models import Party
from circulo.records import mapping as mappings
from circulo.records import sources
from circulo.records.actions import loads
from circulo.records.load_types import load_types
from circulo.records.models import Load, LoadRefusal

MOST_REFUSALS, MOST_DOUBTS = 100, 50
MOST_LISTED = 50
_SAMPLES = 3
_LABELS = {
    "cell": gettext_lazy("mobile"),
    "work": gettext_lazy("work"),
    "home": gettext_lazy("home"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "other": gettext_lazy("other"),
}


@dataclass(frozen=True)
class Column:
    """One column of the file: what it holds and where it goes."""

    at: int
    heading: str
    samples: list[str]
    target: str
    was_told: bool

    @property
    def name(self) -> str:
        return f"column-{self.at}"


@dataclass(frozen=True)
class Row:
    """One row as it will be understood."""

    number: int
    cells: list[str]
    reason: str


@dataclass(frozen=True)
class Preview:
    """The first rows, field by field; `fault` says why they cannot be read."""

    headings: list[str]
    rows: list[Row]
    fault: str = ""

    @property
    def refused(self) -> int:
        return sum(1 for row in self.rows if row.reason)


def imports_of(user: User) -> list[tuple[Load, Any]]:
    """What this person brought in, the last first, each with what it holds."""
    found = Load.objects.visible_to(user).select_related("by").order_by("-created_at", "-pk")
    return [(load, load_types()[load.type].label) for load in found[:MOST_LISTED]]


def targets(load: Load, user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a column can go: fields, and for some of them which one of several."""
    plain, labelled = [], []
    for entry in load_types()[load.type].fields_for(user):
        plain.append((entry.name, str(entry.label)))
        for label in entry.labelled:
            labelled.append((f"{entry.name}:{label}", _target_label(str(entry.label), label)))
    groups = [(_("Fields"), plain), (_("Of several"), labelled)]
    return [(name, group) for name, group in groups if group]


def columns(load: Load) -> list[Column]:
    """Every column of a table with a few of its values."""
    headings = loads.headings_of(load)
    sample: Sequence[Sequence[str]] = load.shape.get("table", {}).get("sample", ())
    guessed = mappings.guess(headings, load_types()[load.type], load.by, sample)
    return [
        Column(
            at,
            heading,
            _samples(sample, at),
            load.mapping.get(heading, ""),
            load.mapping.get(heading, "") == guessed.get(heading, "") != "",
        )
        for at, heading in enumerate(headings)
    ]


def doubts(load: Load, user: User) -> list[str]:
    """What somebody should look at before the rows are checked."""
    labels = dict(pair for _name, group in targets(load, user) for pair in group)
    notes = [str(note) for note in load.shape.get("table", {}).get("notes", ())]
    text = _("Several columns go to “%s”: the first that is filled counts.")
    return [*notes, *(text % labels.get(one, one) for one in mappings.fought_for(load.mapping))]


def preview(load: Load) -> Preview:
    """The first twenty rows as they will be understood."""
    try:
        found = loads.preview(load)
    except RuleBroken as broken:
        return Preview([], [], str(broken.message))
    fields = load_types()[load.type].labels
    shown = [(at, sources.shown(record), why) for at, record, why in found]
    used = _used(load, [said for _at, said, _why in shown])
    table = load.shape.get("table", {})
    rows = [
        Row(at, [_cell(n, said.get(n, ""), table) for n in used], why) for at, said, why in shown
    ]
    return Preview([str(fields.get(name, name)) for name in used], rows)


def likenesses(load: Load, user: User) -> list[tuple[int, list[Party]]]:
    """The first new rows, each with the visible parties that may be the same one."""
    found = list(load.doubts.filter(same_as=None).order_by("row")[:MOST_DOUBTS])
    keys = {key for doubt in found for key in doubt.keys}
    parties = Party.objects.visible_to(user).defer("search", "notes", "custom").in_bulk(keys)
    told = ((doubt.row, [parties[key] for key in doubt.keys if key in parties]) for doubt in found)
    return [(row, alike) for row, alike in told if alike]


def repeats(load: Load) -> list[str]:
    """The first rows that speak of what an earlier row of the file speaks of."""
    found = load.doubts.exclude(same_as=None).order_by("row")[:MOST_DOUBTS]
    return [
        _("Row %(row)s is the same as row %(first)s of this file.")
        % {"row": doubt.row, "first": doubt.same_as}
        for doubt in found
    ]


def refusals(load: Load) -> list[LoadRefusal]:
    """The first rows that were refused."""
    return list(load.refusals.order_by("row")[:MOST_REFUSALS])


def _samples(sample: Sequence[Sequence[str]], at: int) -> list[str]:
    filled = (row[at].strip() for row in sample if at < len(row))
    return list(dict.fromkeys(cell for cell in filled if cell))[:_SAMPLES]


def _target_label(name: str, label: str) -> str:
    return f"{name} ({_LABELS.get(label, label)})"


def _used(load: Load, shown: Sequence[Mapping[str, str]]) -> list[str]:
    """The fields that are filled, in the order of the columns."""
    if load.shape.get("kind") != "table":
        return list(dict.fromkeys(name for said in shown for name in said))
    targets = (load.mapping.get(heading, "") for heading in loads.headings_of(load))
    return list(dict.fromkeys(target.partition(":")[0] for target in targets if target))


def _cell(name: str, text: str, table: dict[str, Any]) -> str:
    """What a field will hold: a day as it is read, the rest as it stands."""
    if name != "birthday" or not text or not table:
        return text
    try:
        day = values.day(text, table["date_order"])
    except values.Refused:
        return text
    return written_day(day) if day else ""
