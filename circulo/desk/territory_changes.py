"""A change of the tree of territories as an address says it: for its preview and for the act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from circulo.accounts.models import Territory, User
from circulo.lib.errors import Invalid
from circulo.parties.placing import RULES
from circulo.records.criteria import BadCriteria, parse
from circulo.territories import actions, proposals
from circulo.territories.drafts import read
from circulo.territories.proposals import Proposal
from circulo.territories.selectors.tree import siblings_of, territory_called

FLAGS = ("is_active", "claims_people")
NAMES = (*RULES, *FLAGS, "parent", "place", "remove", "to")


@dataclass(frozen=True)
class Change:
    """What is to become of a territory: other values, another place, or that it goes."""

    said: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    place: int | None = None
    is_removal: bool = False
    to: Territory | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """The change that an address names; Invalid where it cannot be understood."""
        said = {name: query.get(name, "") for name in NAMES if name in query}
        values: dict[str, Any] = {name: _rule(said[name]) for name in RULES if name in said}
        values |= {name: said[name] == "1" for name in FLAGS if name in said}
        values |= {"parent": said["parent"]} if "parent" in said else {}
        place = said.get("place", "")
        is_place = place.isascii() and place.isdigit() and len(place) < 5
        to = territory_called(said["to"]) if said.get("to") else None
        return cls(said, read(values), int(place) if is_place else None, "remove" in said, to)

    def propose(self, tree: Proposal, key: int) -> None:
        """Do it to a tree in memory."""
        if self.is_removal:
            proposals.remove(tree, key, to=self.to.pk if self.to else None)
            return
        proposals.change(tree, key, self.values)
        if self.place is not None:
            proposals.put(tree, key, self.place)

    def apply(self, territory: Territory, *, by: User) -> None:
        """Do it."""
        if self.is_removal:
            actions.remove_territory(territory, to=self.to, by=by)
            return
        if self.values:
            actions.change_territory(territory, self.values, by=by)
        if self.place is not None:
            actions.order_territory(territory, self.place, by=by)

    def about(self, territory: Territory) -> list[str]:
        """What it changes, in words."""
        if self.is_removal:
            return [_("The territory goes; those within it stand in its place.")]
        said: list[str] = []
        if "rule" in self.values:
            said.append(_("Another rule for companies"))
        if "people_rule" in self.values:
            said.append(_("Another rule for contacts"))
        if self.values.get("parent_id", territory.parent_id) != territory.parent_id:
            said.append(_("Another place in the tree"))
        if self.values.get("is_active", territory.is_active) != territory.is_active:
            said.append(_("In use again") if self.values["is_active"] else _("Out of use"))
        claims = self.values.get("claims_people", territory.claims_people)
        if claims != territory.claims_people:
            said.append(_("It claims people of companies elsewhere") if claims
                        else _("It claims nobody of companies elsewhere"))  # fmt: skip
        if self.place is not None:
            said.append(_("Another place among its neighbours"))
        return said


def address(values: Mapping[str, str]) -> str:
    """The query of a change."""
    return "?" + urlencode(values)


def written(rule: Any) -> str:
    """A rule as an address carries it."""
    return json.dumps(rule, ensure_ascii=False, separators=(",", ":")) if rule else ""


def steps(territory: Territory) -> dict[str, str]:
    """The changes that put a territory one place to the front or to the end, where there is one."""
    keys = [one.pk for one in siblings_of(territory)]
    at = keys.index(territory.pk)
    found = {"up": at - 1, "down": at + 1}
    return {
        way: address({"place": str(place)})
        for way, place in found.items()
        if 0 <= place < len(keys)
    }


def _rule(text: str) -> Any:
    try:
        return parse(text) if text.strip() else {}
    except BadCriteria as bad:
        raise Invalid({"rule": str(bad)}) from bad
