"""What the agenda adds to a party's page and overview: what is still to happen with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.agenda.kinds import LOOKS
from circulo.agenda.models import Entry
from circulo.lib import ids
from circulo.parties.overview import Panel, register

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST = 12


def _next(user: User) -> Combinable:
    """The open entries with a party, the next first."""
    rows = Entry.objects.visible_to(user).open().filter(participants__party=OuterRef("pk"))
    shape = JSONObject(
        id="pk", title="title", kind="kind", is_appointment="is_appointment", due="due",
        starts_on="starts_on", priority="priority", owner="owner_id", owner_name="owner__name",
    )  # fmt: skip
    return ArraySubquery(rows.order_by("falls_at", "pk").values(json=shape)[:MOST])


def _shaped(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [_one(row) for row in rows or ()]


def _one(row: dict[str, Any]) -> dict[str, Any]:
    key = ids.encode("entry", row["id"])
    place = "appointments" if row["is_appointment"] else "tasks"
    return {
        "id": key,
        "type": place[:-1],
        "url": f"/{place}/{key}",
        "title": row["title"],
        "kind": row["kind"],
        "icon": LOOKS[row["kind"]].icon,
        "priority": row["priority"],
        "due": datetime.fromisoformat(row["due"]) if row["due"] else None,
        "is_whole_day": row["starts_on"] is not None,
        "owner": {"id": ids.encode("user", row["owner"]), "name": row["owner_name"]},
    }


register(
    Panel("next_activities", _next, _shaped, "agenda/_panel.html", "right", 20, rights=("tasks",))
)
