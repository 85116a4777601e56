"""What happened as other programs are told it, by the names that it is recorded with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.lib import ids
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User

KINDS = ("interactions", "contacts", "companies")
_PLAIN = ("kind", "channel", "direction", "occurred_at", "subject", "body", "is_private",
          "recorded_at")  # fmt: skip
_COLUMNS = ("id", "party_id", "party__name", "by_id", "by__name", "about_kind", "about_id", "data",
            *_PLAIN)  # fmt: skip


def interactions_shown(user: User, keys: Sequence[int]) -> list[dict[str, Any]]:
    """The visible ones among these interactions in the order of the keys, read in one statement."""
    if not keys:
        return []
    found = prepared.statement("interactions", user, KINDS, _gather).rows(user, list(keys))
    rows = (dict(zip(_COLUMNS, row, strict=True)) for row in found)
    shown = {row["id"]: _shape(row) for row in rows}
    return [shown[key] for key in keys if key in shown]


def _gather(user: User) -> QuerySet[Any, Any]:
    rows = Interaction.objects.visible_to(user).filter(pk__in=prepared.among_keys())
    return rows.values_list(*_COLUMNS)


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    kind, key, by = row["about_kind"], row["about_id"], row["by_id"]
    return {
        "id": ids.encode("interaction", row["id"]),
        "party": ids.encode("party", row["party_id"]),
        "party_name": row["party__name"],
        "by": ids.encode("user", by) if by else None,
        "by_name": row["by__name"],
        "about": {"kind": kind, "id": ids.encode(kind, key)} if kind else None,
        "data": prepared.loaded(row["data"]),
        **{name: row[name] for name in _PLAIN},
    }
