"""Changes field by field as the API gives them: of a record, and of a change set."""

from __future__ import annotations

from typing import Any

from circulo.lib import ids
from circulo.records.history import Line
from circulo.records.models import ChangeSet
from circulo.records.rest.schemas import (
    choice,
    component,
    identifier,
    moment,
    nullable,
    record,
    text,
)

LINE = component(
    "Change",
    record(
        {
            "at": moment(),
            "by": nullable(identifier("user")),
            "through": text(10),
            "change_set": identifier("change set"),
            "kind": choice(ChangeSet.Kind.values, description="What the change set is"),
            "thing": text(30, description="`party`, or what belongs to it: `point`, `address` …"),
            "act": choice(["added", "changed", "deleted", "moved"]),
            "field": nullable(text(120)),
            "label": text(),
            "from": nullable(text(description="As people read it")),
            "to": nullable(text(description="As people read it")),
        },
        required=["at", "change_set", "act"],
    ),
)
ACTS = {"i": "added", "u": "changed", "d": "deleted"}


def line_shown(line: Line) -> dict[str, Any]:
    """One line of a history."""
    change_set = line.change_set
    return {
        "at": line.at,
        "by": ids.encode("user", change_set.by_id) if change_set.by_id else None,
        "through": change_set.through,
        "change_set": change_set.public_id,
        "kind": change_set.kind,
        "thing": line.kind,
        "act": "moved" if line.is_move else ACTS[line.op],
        "field": line.column or None,
        "label": line.label,
        "from": line.before or None,
        "to": line.after or None,
    }
