"""What leads add to a party's page and overview: what came in from it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.leads.models import Lead
from circulo.lib import ids
from circulo.parties.overview import Panel, register

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST = 8


def _of_party(user: User) -> Combinable:
    """The leads of a party, the latest first."""
    rows = Lead.objects.visible_to(user).filter(
        Q(party=OuterRef("pk")) | Q(company_party=OuterRef("pk"))
    )
    shape = JSONObject(
        id="pk", name="name", status="status", source="source", score="score",
        arrived_at="arrived_at", reason="reason__label", note="reason_note",
    )  # fmt: skip
    return ArraySubquery(rows.order_by("-arrived_at", "-pk").values(json=shape)[:MOST])


def _shaped(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [_one(row) for row in rows or ()]


def _one(row: dict[str, Any]) -> dict[str, Any]:
    key = ids.encode("lead", row["id"])
    came = datetime.fromisoformat(row["arrived_at"])
    return {**row, "id": key, "url": f"/leads/{key}", "arrived_at": came}


def _without(leads: list[dict[str, Any]], hidden: frozenset[str]) -> list[dict[str, Any]]:
    gone = hidden | {"note"} if "reason" in hidden else hidden
    return [{name: value for name, value in one.items() if name not in gone} for one in leads]


register(
    Panel(
        "leads", _of_party, _shaped, "leads/_panel.html", "right", 14, rights=("leads",),
        kind="leads", without=_without,
    )
)  # fmt: skip
