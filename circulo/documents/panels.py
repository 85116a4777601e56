"""What the documents add to a party's page and overview: its letters, and the way to more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.documents.models import Letter
from circulo.lib import ids
from circulo.parties.overview import Panel, register

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST = 5


def _letters(_user: User) -> Combinable:
    """The latest letters to a party that is already known to be visible."""
    rows = Letter.objects.filter(party=OuterRef("pk")).order_by("-pk")
    shape = JSONObject(id="pk", subject="subject", state="state", written_on="written_on")
    return ArraySubquery(rows.values(json=shape)[:MOST])


def _shown(rows: list[Any]) -> list[Any]:
    return [row | {"id": ids.encode("letter", row["id"])} for row in rows]


register(Panel("letters", _letters, _shown, "documents/_letters.html", "right", 59))
