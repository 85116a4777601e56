"""What sales add to a party's page and overview: its open deals."""

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
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST = 12


def _open(user: User) -> Combinable:
    """The open deals with a party, those that are expected first."""
    rows = Deal.objects.visible_to(user).open().filter(party=OuterRef("pk"))
    shape = JSONObject(
        id="pk", title="title", stage="stage__name", probability="stage__probability",
        amount=Cast("amount", TextField()), currency="currency", expected_on="expected_on",
        owner="owner_id", owner_name="owner__name",
    )  # fmt: skip
    return ArraySubquery(rows.order_by("expected_key", "pk").values(json=shape)[:MOST])


def _shaped(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [_one(row) for row in rows or ()]


def _one(row: dict[str, Any]) -> dict[str, Any]:
    key = ids.encode("deal", row["id"])
    amount = None if row["amount"] is None else Decimal(row["amount"])
    return {
        "id": key,
        "url": f"/deals/{key}",
        "title": row["title"],
        "stage": row["stage"],
        "probability": row["probability"],
        "amount": money.told_if_known(amount, row["currency"]),
        "expected_on": row["expected_on"] and date.fromisoformat(row["expected_on"]),
        "owner": {"id": ids.encode("user", row["owner"]), "name": row["owner_name"]},
    }


def _without(deals: list[dict[str, Any]], hidden: frozenset[str]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name not in hidden} for one in deals]


register(
    Panel(
        "open_deals", _open, _shaped, "sales/_panel.html", "right", 15, rights=("deals",),
        kind="deals", without=_without,
    )
)  # fmt: skip
