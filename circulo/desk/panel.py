"""The filter panel: the condition that is being made, and what a click means for the criterion."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.selectors import people_who_work_here
from circulo.desk import conditions
from circulo.desk.listing import Listing, listing_words
from circulo.lib.errors import Invalid, Text
from circulo.parties.searching import search_parties
from circulo.records import criteria
from circulo.records.own.links import alike, is_listed
from circulo.records.periods import PERIODS
from circulo.records.resources import Field, Type, resource
from circulo.records.trees import Condition, Group

MOST_FOUND, MOST_SEARCHED, MOST_LETTERS = 8, 40, 60
SAID = ("value", "upper", "days", "lately", "period", "is_not", "into", "find")
OF_FIRMS = frozenset({"company", "parent"})


class NotThere(Exception):
    """A linked record was searched for by name and has still to be chosen."""


@dataclass(frozen=True)
class Panel:
    """What the panel shows: the fields one can choose, and the condition that is being made."""

    name: str
    fields: list[Field]
    chosen: Field | None = None
    operators: dict[str, Text] = dataclasses.field(default_factory=dict)
    op: str = ""
    said: dict[str, Any] = dataclasses.field(default_factory=dict)
    choices: list[tuple[str, Text, bool]] = dataclasses.field(default_factory=list)
    errors: dict[str, Text] = dataclasses.field(default_factory=dict)
    inner: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    is_open: bool = False

    @property
    def groups(self) -> list[tuple[str, Text]]:
        """The kinds of group that the condition can begin."""
        return list(conditions.groups_offered())

    @property
    def grouped(self) -> list[tuple[Text, list[Field]]]:
        """The fields to choose from: the record's own first, then by what they belong to."""
        groups: dict[str, tuple[Text, list[Field]]] = {}
        for field in self.fields:
            of = _("Own fields") if field.own and not field.of else field.of
            groups.setdefault(str(of), (of, []))[1].append(field)
        return list(groups.values())

    @property
    def periods(self) -> list[tuple[str, Text]]:
        """The periods of the calendar that a day can lie in."""
        return list(PERIODS.items())

    @property
    def offered(self) -> tuple[str, ...]:
        """The names of the fields that can be chosen."""
        return tuple(field.name for field in self.fields)

    @property
    def type(self) -> str:
        return self.chosen.type.value if self.chosen else ""

    @property
    def is_searched(self) -> bool:
        """Whether its values are found by name instead of ticked in a list."""
        link = self.chosen.link if self.chosen else ""
        return link == "party" or is_listed(link)


def panel_of(
    user: User,
    name: str,
    query: QueryDict,
    found: Listing | None = None,
    refused: Exception | None = None,
) -> Panel:
    """The panel as the address asks for it."""
    fields = resource(name).criteria_for(user)
    chosen = fields.get(query.get("field", ""))
    errors = refused.fields if isinstance(refused, Invalid) else {}
    if chosen is None:
        return Panel(name, list(fields.values()), errors=errors, is_open="panel" in query)
    operators = conditions.offered(chosen)
    op = query.get("op", "")
    return Panel(
        name,
        list(fields.values()),
        chosen,
        operators,
        op if op in operators else next(iter(operators)),
        {key: query.get(key, "") for key in SAID},
        _choices(user, chosen, query),
        errors,
        list(_groups_within(user, name, found, query)),
        is_open=True,
    )


def _groups_within(
    user: User, name: str, found: Listing | None, query: QueryDict
) -> Iterator[tuple[str, str]]:
    """The groups that the condition can join: place and words."""
    shown = found or listing_words(user, name, query.get("filter", ""))
    if shown is None:
        return
    for place, group in shown.tree.groups():
        yield place, shown.words.of(group)[:MOST_LETTERS]


def _choices(user: User, field: Field, query: QueryDict) -> list[tuple[str, Text, bool]]:
    """The values that can be ticked, and which are."""
    ticked = set(query.getlist("values"))
    known: list[tuple[str, Text]] = []
    if field.choices:
        known = list(field.choices().items())
    elif field.link == "user":
        known = list(people_who_work_here())
    elif is_listed(field.link):
        known = [*alike(user, field.link, query.get("find", ""), MOST_FOUND)]
    elif field.type is Type.LINK:
        parties = search_parties(user, query.get("find", ""), limit=MOST_SEARCHED)
        firms = [party for party in parties if not party.is_person or field.name not in OF_FIRMS]
        known = [(party.public_id, str(party)) for party in firms[:MOST_FOUND]]
    return [(value, text, value in ticked) for value, text in known]


def changed(user: User, name: str, tree: Group, query: QueryDict) -> Group:
    """The tree after the click; Invalid, or NotThere, where something has still to be said."""
    try:
        if "drop" in query:
            return tree.put(query.get("drop", ""), None)
        if "turn" in query:
            return tree.turned(query.get("turn", ""))
        return _with_condition(user, name, tree, query)
    except (IndexError, KeyError) as error:
        raise Invalid({"": _("This filter has changed meanwhile: try again.")}) from error


def _with_condition(user: User, name: str, tree: Group, query: QueryDict) -> Group:
    kind = resource(name)
    field = kind.criteria_for(user).get(query.get("field", ""))
    if field is None or "op" not in query:
        raise NotThere
    is_searched = field.link == "party" or is_listed(field.link)
    if is_searched and not query.getlist("values") and query.get("op") == "in":
        raise NotThere
    condition = conditions.read(field, query)
    _refuse_nonsense(user, name, condition)
    into = query.get("into", "")
    if into.startswith("new:"):
        return tree.added("", conditions.group_named(into[4:]).added("", condition))
    return tree.added(into, condition)


def _refuse_nonsense(user: User, name: str, condition: Condition) -> None:
    try:
        criteria.compile_for(resource(name), condition.written(), user)
    except criteria.BadCriteria as bad:
        raise Invalid({"value": bad.why}) from bad
