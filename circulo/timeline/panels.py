"""What the timeline adds to a party's page and overview: the latest of what happened."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject, Left

from circulo.lib import ids
from circulo.parties.overview import Panel, register
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User

LATEST = 50
LETTERS = 2000


def _latest(user: "User") -> Combinable:
    """The latest interactions of a party that is already known to be visible."""
    rows = Interaction.objects.filter(Q(is_private=False) | Q(by=user.pk), party=OuterRef("pk"))
    shape = JSONObject(
        id="pk", kind="kind", channel="channel", direction="direction", occurred_at="occurred_at",
        by="by_id", by_name="by__name", subject="subject", body=Left("body", LETTERS), data="data",
        is_private="is_private",
    )  # fmt: skip
    return ArraySubquery(rows.newest_first().values(json=shape)[:LATEST])


def _identified(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        row["id"] = ids.encode("interaction", row["id"])
        by = row.pop("by")
        row["by"] = by and {"id": ids.encode("user", by), "name": row["by_name"]}
        del row["by_name"]
    return rows


def _since(user: "User") -> Combinable:
    """The moment of the first thing that happened: since when we know each other."""
    rows = Interaction.objects.filter(Q(is_private=False) | Q(by=user.pk), party=OuterRef("pk"))
    return Subquery(rows.order_by("occurred_at", "pk").values("occurred_at")[:1])


register(Panel("since", _since, order=9))
register(Panel("interactions", _latest, _identified, "timeline/_panel.html", "main", 10))
