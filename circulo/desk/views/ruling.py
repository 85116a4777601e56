"""What a list says while its filter is being made a rule of something."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from circulo.accounts.models import User
from circulo.desk.territory_changes import address
from circulo.leads.selectors.rules import route_called, score_called
from circulo.parties import placing
from circulo.quotes.selectors.approvals import rule_called
from circulo.sales.selectors.colours import colour_called
from circulo.sales.selectors.deals import stage_called
from circulo.territories.selectors import tree


def ruled(user: User, name: str, identifier: str, criterion: str) -> dict[str, Any]:
    """Whose rule the filter of a list is to be, and where that is done; empty where nobody's."""
    if not identifier or not user.is_admin:
        return {}
    return (
        _of_a_territory(name, identifier, criterion)
        or _of_a_stage(name, identifier, criterion)
        or _of_a_rule(name, identifier, criterion)
    )


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


# What makes and changes the rules about a list: the word for a new one, what is found by the
# identifier of one that is there, the addresses of both, and that of all.
_RULES = {
    "leads": (
        ("new-score", score_called, "leads:new_score", "leads:score", "leads:receiving"),
        ("new-route", route_called, "leads:new_route", "leads:route", "leads:receiving"),
    ),
    "deals": (("new-colour", colour_called, "sales:new_colour", "sales:colour", "sales:colours"),),
    "quotes": (("new-rule", rule_called, "quotes:new_rule", "quotes:rule", "quotes:settings"),),
}


def _of_a_rule(name: str, identifier: str, criterion: str) -> dict[str, Any]:
    for new, called, new_url, url, home in _RULES.get(name, ()):
        one = called(identifier)
        if one is not None or identifier == new:
            page = reverse(url, args=[identifier]) if one else reverse(new_url)
            takes = f"{page}?{urlencode({'criteria': criterion})}"
            may_be_empty = name == "leads"
            return {"rule": str(one or ""), "criterion": criterion, "takes": takes,
                    "back": page if one else reverse(home),
                    "is_ready": bool(criterion) or may_be_empty}  # fmt: skip
    return {}
