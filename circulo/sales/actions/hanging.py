"""What hangs on a deal, put as it was said: people, rivals and shares."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from circulo.sales.drafts import Draft
from circulo.sales.models import DealPerson, DealShare, Rival

M = TypeVar("M", bound=Model)


def put(deal: int, draft: Draft) -> bool:
    """Make people, rivals and shares of a deal what the draft says of them; whether any changed."""
    changed = False
    if draft.people is not None:
        said = {party: {"part": part} for party, part in draft.people}
        changed |= _put(DealPerson.objects.filter(deal=deal), deal, "party_id", said)
    if draft.rivals is not None:
        of = {name: {"strength": level, "note": note} for name, level, note in draft.rivals}
        changed |= _put(Rival.objects.filter(deal=deal), deal, "name", of)
    if draft.shares is not None:
        parts = {user: {"percent": percent} for user, percent in draft.shares}
        changed |= _put(DealShare.objects.filter(deal=deal), deal, "user_id", parts)
    return changed


def _put(rows: QuerySet[M], deal: int, name: str, said: dict[Any, dict[str, Any]]) -> bool:
    """Write only what differs, so that a history tells only that."""
    there = {getattr(row, name): row for row in rows}
    gone = [row.pk for key, row in there.items() if key not in said]
    fresh = [
        rows.model(deal_id=deal, **{name: key}, **values)
        for key, values in said.items()
        if key not in there
    ]
    other = [
        (row, values)
        for key, values in said.items()
        if (row := there.get(key)) and any(getattr(row, n) != v for n, v in values.items())
    ]
    if gone:
        rows.filter(pk__in=gone).delete()
    for row, values in other:
        rows.filter(pk=row.pk).update(**values)
    if fresh:
        rows.model._default_manager.bulk_create(fresh)
    return bool(gone or fresh or other)
