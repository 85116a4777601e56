"""What quotes add to a party's page and overview: those that lie with it or are being written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, JSONObject

from circulo.lib import ids, money
from circulo.parties.overview import Panel, register
from circulo.quotes.models import Quote
from circulo.quotes.models.quotes import number_of

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST = 8
SHOWN = ("draft", "waiting", "approved", "sent", "accepted")


def _open(user: User) -> Combinable:
    """The quotes for a party that still count, those that changed last first."""
    rows = Quote.objects.visible_to(user).filter(party=OuterRef("pk"), status__in=SHOWN)
    shape = JSONObject(
        id="pk", title="title", status="status", year="year", serial="serial",
        revision="revision", total=Cast("total", TextField()), currency="currency",
        valid_until="valid_until",
    )  # fmt: skip
    return ArraySubquery(rows.order_by("-updated_at", "-pk").values(json=shape)[:MOST])


def _shaped(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [_one(row) for row in rows or ()]


def _one(row: dict[str, Any]) -> dict[str, Any]:
    key = ids.encode("quote", row["id"])
    return {
        "id": key,
        "url": f"/quotes/{key}",
        "number": number_of(row["year"], row["serial"], row["revision"]),
        "title": row["title"],
        "status": row["status"],
        "total": money.told(Decimal(row["total"]), row["currency"]),
        "valid_until": date.fromisoformat(row["valid_until"]),
    }


register(
    Panel("quotes", _open, _shaped, "quotes/_panel.html", "right", 16, rights=("quotes",),
          kind="quotes")
)  # fmt: skip
