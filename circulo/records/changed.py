"""Whether a field of a record changed: what the ledger keeps of it, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, GeneratedField, Model, OuterRef, Q
from django.db.models import Field as Column

from circulo.records.tracking import tracked

if TYPE_CHECKING:
    from circulo.records.resources import Field


@dataclass(frozen=True)
class Kept:
    """What the ledger keeps of a field: a column of the rows of a kind, or one key of an object."""

    kind: str
    column: str
    key: str = ""


def kept_of(model: type[Model] | None, column: str, key: str = "") -> Kept | None:
    """What the ledger keeps of a column; None where it keeps nothing."""
    table = next((one for one in tracked().values() if one.model is model), None)
    if model is None or table is None or table.root != "id":
        return None
    try:
        found = model._meta.get_field(column)
    except FieldDoesNotExist:
        return None
    name = getattr(found, "column", None)
    if not isinstance(found, Column) or isinstance(found, GeneratedField) or not name:
        return None
    if name in table.derived or name in (table.bumped, table.touched):
        return None
    return Kept(table.kind, name, key)


def with_history(fields: Mapping[str, Field], model: type[Model] | None) -> dict[str, Field]:
    """These fields, each knowing what the ledger keeps of it."""
    plain = (one for one in fields.values() if one.related is None)
    kept = {one.name: kept_of(model, one.column) for one in plain}
    return {n: replace(f, kept=kept[n]) if kept.get(n) else f for n, f in fields.items()}


def has_changed(kept: Kept, since: datetime | None) -> Q:
    """Whether a record's field was given another value, ever or since a moment.

    A record that was only added has changed nothing.
    """
    from circulo.records.models import Change

    rows = Change.objects.filter(root=OuterRef("pk"), kind=kept.kind, op=Change.Op.UPDATED)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if not kept.key:
        return Q(Exists(rows.filter(new__has_key=kept.column)))
    images = (f"{image}__{kept.column}__has_key" for image in ("old", "new"))
    return Q(Exists(rows.filter(Q(*((one, kept.key) for one in images), _connector=Q.OR))))
