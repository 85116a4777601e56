"""What criteria say, in words: with the names of the people and companies that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records import criteria
from circulo.records.criteria_words import Words, links_in
from circulo.records.own.links import called, is_listed
from circulo.records.resources import resource
from circulo.records.trees import Group


@dataclass(frozen=True)
class Asked:
    """What a rule asks for, as its page shows it: in words, and the list where it is changed.

    `is_bad` says that the words say nothing, since the criterion is no good (any more).
    """

    words: list[str]
    url: str
    is_bad: bool = False
    is_unsaved: bool = False


def asked(user: User, name: str, text: str, rule: str, *, is_unsaved: bool = False) -> Asked:
    """What the rule of this identifier asks for, by its criterion as it is written."""
    try:
        criterion = criteria.parse(text) if text.strip() else None
    except criteria.BadCriteria:
        return Asked([], list_url(name, rule), is_bad=True)
    (words,) = in_words(user, name, [criterion])
    url = list_url(name, rule, text if criterion and words is not None else "")
    return Asked(words or [], url, words is None, is_unsaved)


def list_url(name: str, rule: str, text: str = "") -> str:
    """The list that a rule is about, filtered as the rule asks: there its conditions are made."""
    said = {"shape": "table", "rule": rule} | ({"filter": text} if text else {})
    return f"/{name}?{urlencode(said)}"


def in_words(user: User, name: str, criterions: Sequence[Any]) -> list[list[str] | None]:
    """What each of these asks of the records of a resource, part by part; None for one that is no
    good any more.
    """
    fields = resource(name).criteria_for(user)
    trees = [_tree(user, name, criterion) for criterion in criterions]
    links: dict[str, set[str]] = {}
    for tree in filter(None, trees):
        for link, found in links_in(tree, fields).items():
            links.setdefault(link, set()).update(found)
    words = Words(fields, names_of(user, links))
    return [
        None if tree is None else [words.of(member) for member in tree.members] for tree in trees
    ]


def _tree(user: User, name: str, criterion: Any) -> Group | None:
    try:
        criteria.compile_for(resource(name), criterion or {"all": []}, user)
    except criteria.BadCriteria:
        return None
    return Group.of(criterion)


def names_of(user: User, links: dict[str, set[str]]) -> dict[tuple[str, str], str]:
    """The names of linked records that this person may see, by link and identifier."""
    found: dict[tuple[str, str], str] = {}
    for link, rows in (("user", User.objects.all()), ("party", Party.objects.visible_to(user))):
        keys = {ids.decode(link, identifier): identifier for identifier in links.get(link, ())}
        if keys:
            named = rows.filter(pk__in=[key for key in keys if key]).values_list("pk", "name")
            found |= {(link, keys[key]): str(name) for key, name in named}
    for link, identifiers in links.items():
        if is_listed(link):
            names = called(user, link, identifiers)
            found |= {(link, identifier): name for identifier, name in names.items()}
    return found
