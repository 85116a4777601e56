"""What a form says of a party, and three of them compared: mine, theirs, and what both began with.

A snapshot has the names of the contract and texts as a person types them. A form sends along the
one it began with, so that saving sends only what was changed, and two people who change different
fields of one record do not disturb each other.
"""

from __future__ import annotations

import json
from typing import Any

from circulo.lib import emails, ids, phones
from circulo.lib import format as fmt
from circulo.parties.drafts import ADDRESS_FIELDS, POINT_KINDS
from circulo.parties.models import Party, Point

Snapshot = dict[str, Any]
TEXTS = {
    "person": ("title", "given_name", "first_surname", "second_surname", "preferred_name",
               "job_title", "form_of_address"),
    "organisation": ("legal_name", "industry"),
}  # fmt: skip
SHARED = ("tax_id", "language", "lifecycle", "source", "notes")


def snapshot_of(party: Party, points: list[Point], addresses: list[dict[str, Any]]) -> Snapshot:
    """How a form shows this party as it stands. A company that is not seen is not there."""
    said: Snapshot = {name: getattr(party, name) for name in (*TEXTS[party.kind], *SHARED)}
    said["tax_country"] = party.tax_country or fmt.current().country
    said["tags"] = ", ".join(party.tags)
    said["owner"] = ids.encode("user", party.owner_id) if party.owner_id else ""
    said["company"] = ids.encode("party", party.company_id) if party.company_id else ""
    pin = party.pinned_territory_id
    said["territory"] = ids.encode("territory", pin) if pin else ""
    if party.is_person:
        said["birthday"] = party.birthday.isoformat() if party.birthday else ""
    else:
        said["name"] = party.trade_name
        said["size"] = "" if party.size is None else str(party.size)
        said["founded"] = "" if party.founded is None else str(party.founded)
        said["annual_revenue"] = fmt.typed_number(party.annual_revenue)
    for name, kind in POINT_KINDS.items():
        said[name] = [_point(point) for point in points if point.kind == kind]
    said["addresses"] = [
        {**{key: row[key] for key in (*ADDRESS_FIELDS, "country")}, "primary": row["is_primary"]}
        for row in addresses
    ]
    return said


def changes(said: Snapshot, base: Snapshot) -> Snapshot:
    """What was changed; a tax id travels with its country."""
    changed = {name: value for name, value in said.items() if value != base.get(name)}
    for name, other in (("tax_id", "tax_country"), ("tax_country", "tax_id")):
        if name in changed and other in said:
            changed[other] = said[other]
    return changed


def conflicts(mine: Snapshot, base: Snapshot, theirs: Snapshot) -> list[str]:
    """The fields that both changed, to different values."""
    return [
        name
        for name, value in mine.items()
        if theirs.get(name) != base.get(name) and theirs.get(name) != value
    ]


def write(said: Snapshot) -> str:
    """A snapshot for a hidden field."""
    return json.dumps(said, ensure_ascii=False)


def read(text: str) -> Snapshot:
    """The snapshot of a hidden field; an empty one where somebody tampered with it."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {name: value for name, value in said.items() if _is_sound(value)}


def in_words(value: Any) -> str:
    """A value of a snapshot as one line, for who must choose between two."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(in_words, value)))
    if isinstance(value, dict):
        parts = [str(part) for key, part in value.items() if part and key != "primary"]
        return ", ".join(parts)
    return str(value or "")


def _is_sound(value: Any) -> bool:
    """Whether a value is of the shapes that snapshots have: a text, or rows of texts."""
    if isinstance(value, str):
        return "\0" not in value
    return isinstance(value, list) and all(
        isinstance(row, dict)
        and all(isinstance(part, str | bool) and "\0" not in str(part) for part in row.values())
        for row in value
    )


def _point(point: Point) -> dict[str, Any]:
    value = point.value
    if point.kind in (Point.Kind.PHONE, Point.Kind.FAX):
        value = phones.shown(value, fmt.current().country)
    elif point.kind == Point.Kind.EMAIL:
        value = emails.shown(value)
    return {"value": value, "label": point.label, "primary": point.is_primary}
