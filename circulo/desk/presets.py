"""The views of a list that the house offers: what an address asks of them, and their tabs.

Each is a criterion: once a list is opened with one, it is a list like any other, whose conditions
stand over it and are taken away one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from circulo.accounts.models import User
from circulo.desk.listing import Listing
from circulo.desk.wanted import Wanted
from circulo.lib.errors import Text
from circulo.records import criteria
from circulo.records.resources import resource
from circulo.records.rosters import Preset, roster
from circulo.records.trees import Group, text_of


def offered(user: User, name: str) -> list[Preset]:
    """The views that the house offers of a list, but for those that ask for what is hidden."""
    presets, kind = roster(name).presets, resource(name)
    if not user.hidden_fields(kind.kind):
        return list(presets)
    return [one for one in presets if criteria.is_told(kind, one.criterion(user), user)]


def wanted_of(user: User, name: str, query: QueryDict) -> Wanted:
    """What an address asks for, with the criterion of the view of the house that it names; one that
    says nothing of views means the first.
    """
    wanted = Wanted.of(query)
    presets = {one.name: one for one in offered(user, name)}
    if not presets or wanted.view:
        return wanted
    one = presets.get(query.get("show", "")) or next(iter(presets.values()))
    tree = Group.of(one.criterion(user))
    if wanted.filter:
        try:
            said = criteria.parse(wanted.filter)
            criteria.compile_for(resource(name), said, user)
        except criteria.BadCriteria:
            return wanted
        tree = replace(tree, members=(*tree.members, *Group.of(said).members))
    return replace(wanted, filter=text_of(tree), sort=wanted.sort or one.sort, view="none")


def renamed(name: str, query: QueryDict) -> str:
    """The address of a list by the names that its columns have now; empty where it says those."""
    former, asked = roster(name).former, query.copy()
    for key in {"sort", "columns"} & query.keys() if former else ():
        asked.setlist(key, [_renamed(text, former) for text in query.getlist(key)])
    return "" if asked == query else f"{reverse(f'desk:{name}')}?{asked.urlencode()}"


def _renamed(text: str, former: Mapping[str, str]) -> str:
    parts = (part.removeprefix("-") for part in text.split(","))
    signs = ("-" * part.startswith("-") for part in text.split(","))
    return ",".join(sign + former.get(part, part) for sign, part in zip(signs, parts, strict=True))


def current(user: User, found: Listing) -> Preset | None:
    """The view of the house that a list begins with, whatever narrows it further."""
    if found.fault or found.wanted.is_of_a_view:
        return None
    there = found.tree.members
    asked = [(Group.of(one.criterion(user)).members, one)
             for one in offered(user, found.resource.name)]  # fmt: skip
    within = [pair for pair in asked if all(member in there for member in pair[0])]
    return max(within, key=lambda pair: len(pair[0]))[1] if within else None


def is_just(user: User, found: Listing, one: Preset) -> bool:
    """Whether a list is this view of the house, and nothing narrows it further."""
    return not found.wanted.q and found.tree == Group.of(one.criterion(user))


def tabs_of(user: User, found: Listing) -> list[dict[str, Text | bool]]:
    """The views of the house as tabs; a search goes along from one to the other."""
    now, said = current(user, found), {"q": found.wanted.q} if found.wanted.q else {}
    return [
        {"label": one.label, "url": f"{reverse(f'desk:{found.resource.name}')}?"
         + urlencode({"show": one.name, **said}), "current": one is now}
        for one in offered(user, found.resource.name)
    ]  # fmt: skip
