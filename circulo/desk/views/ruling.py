"""What a list says while its filter is being made a rule: of a territory, or of a stage."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from circulo.accounts.models import User
from circulo.desk.territory_changes import address
from circulo.parties import placing
from circulo.sales.selectors.deals import stage_called
from circulo.territories.selectors import tree


def ruled(user: User, name: str, identifier: str, criterion: str) -> dict[str, Any]:
    """Whose rule the filter of a list is to be, and where that is done; empty where nobody's."""
    if not identifier or not user.is_admin:
        return {}
    return _of_a_territory(name, identifier, criterion) or _of_a_stage(name, identifier, criterion)


def _of_a_territory(name: str, identifier: str, criterion: str) -> dict[str, Any]:
    one = tree.territory_called(identifier)
    part = next((part for part, listed in placing.RULES.items() if listed == name), "")
    if one is None or not part:
        return {}
    url = reverse("desk:preview_territory", args=[one.public_id])
    return {"territory": one, "preview": url + address({part: criterion}),
            "has_rule": bool(criterion)}  # fmt: skip


def _of_a_stage(name: str, identifier: str, criterion: str) -> dict[str, Any]:
    one = stage_called(identifier) if name == "deals" else None
    return {"stage": one, "criterion": criterion} if one else {}
