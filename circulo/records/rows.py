"""The rows of a list, whose statements are compiled once for each shape of what is asked of them.

What is asked of a list differs in its values far more often than in its shape: who asks, what they
compare with, where their page begins. The shape (the list, the rights of the person, the criterion
without its values, the order) finds the statement; the values are sent along. A statement is
planned anew on each run, since its values decide which way is short.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import orjson
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language

from circulo.accounts import news, prepared
from circulo.accounts.models import Team
from circulo.accounts.rights import Reach, kinds
from circulo.lib.lookups import has_any_key
from circulo.lib.slots import Slot, Template, Unkept, template
from circulo.records import criteria
from circulo.records.resources import Resource
from circulo.records.slotted import Prepare, shape_of, slotted

if TYPE_CHECKING:
    from circulo.accounts.models import User

M = TypeVar("M", bound=Model)
Asked = Callable[["User"], Q]
Compile = Callable[..., tuple[str, Sequence[Any]]]
MOST_KEPT = 2_000
_templates: dict[Hashable, tuple[Template, dict[int, Prepare]] | None] = {}


@dataclass(frozen=True)
class Statement:
    """A statement with the values of this run."""

    sql: str
    parameters: Sequence[Any]
    numbered: str = ""

    def rows(self) -> list[tuple[Any, ...]]:
        if self.numbered:
            return prepared.run_numbered(self.numbered, self.parameters)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.parameters)
            return list(cursor.fetchall())


@dataclass(frozen=True)
class _Filter:
    """A condition, which may depend on the person; `condition` is what it is for whoever asks."""

    asked: Asked
    condition: Q


@dataclass(frozen=True)
class _Change:
    """Another change of the rows, the same whoever asks."""

    name: Hashable
    make: Callable[[QuerySet[Any]], QuerySet[Any]]


class Rows(Generic[M]):
    """Rows that are asked for: those of a list, narrowed step by step."""

    def __init__(
        self, base: Callable[[User], QuerySet[M]], user: User, name: str,
        model: type[Model] | None = None, steps: tuple[_Filter | _Change, ...] = (),
    ) -> None:  # fmt: skip
        self.base, self.user, self.name, self.steps = base, user, name, steps
        self.known_model = model
        self.values: list[Any] = []
        self.shape = self._shape() if name else None

    def filter(self, asked: Asked) -> Rows[M]:
        """Those of them that fulfil what is asked, which may depend on the person."""
        return self._and(_Filter(asked, asked(self.user)))

    def changed(self, name: Hashable, make: Callable[[QuerySet[M]], QuerySet[M]]) -> Rows[M]:
        """These rows in another form: whatever has this name is the same whoever asks."""
        return self._and(_Change(name, make))

    def with_keys(self, keys: Sequence[int]) -> Rows[M]:
        """Those of them with these keys."""
        return self.filter(lambda _user: Q(has_any_key(keys)))

    @property
    def model(self) -> type[Model]:
        return self.known_model or self.queryset.model

    @cached_property
    def queryset(self) -> QuerySet[M]:
        """The rows as the ORM has them."""
        rows = self.base(self.user)
        for step in self.steps:
            rows = rows.filter(step.condition) if isinstance(step, _Filter) else step.make(rows)
        return rows

    def with_slots(
        self, person: User, slots: Iterator[Slot], prepares: dict[int, Prepare]
    ) -> QuerySet[M]:
        """The same for a person who is nobody, with slots for the values."""
        rows = self.base(person)
        for step in self.steps:
            if isinstance(step, _Filter):
                asked = step.asked(person)
                rows = rows.filter(slotted(asked, rows.query, slots, prepares))
            else:
                rows = step.make(rows)
        return rows

    def _and(self, step: _Filter | _Change) -> Rows[M]:
        return Rows(self.base, self.user, self.name, self.known_model, (*self.steps, step))

    def _shape(self) -> Hashable | None:
        try:
            return tuple(
                shape_of(step.condition, self.values) if isinstance(step, _Filter) else step.name
                for step in self.steps
            )
        except Unkept:
            return None


def seen_rows(resource: Resource, user: User) -> Rows[Any]:
    """The records of a resource that a person sees."""
    return Rows(resource.visible, user, resource.name, resource.model)


def just(rows: QuerySet[M], user: User | None = None) -> Rows[M]:
    """Rows of which no more is known than the queryset: each statement of theirs is compiled."""
    return Rows(lambda _user: rows, cast("User", user), "", rows.model)


def holding(rows: Rows[M], resource: Resource, words: str, user: User) -> Rows[M]:
    """The rows that hold these words."""
    return just(resource.find(rows.queryset, words, user), user)


def fulfilling(rows: Rows[M], resource: Resource, criterion: Any) -> Rows[M]:
    """The rows that fulfil a criterion: all where there is none, or an empty one."""
    if criterion is None or criterion == {}:
        return rows
    return rows.filter(lambda user: criteria.compile_for(resource, criterion, user))


def statement(name: Hashable, compile: Compile, *rows: Rows[Any]) -> Statement:
    """What `compile` makes of the rows; of this name it makes the same of the same shapes."""
    first = rows[0]
    if any(one.shape is None for one in rows):
        return Statement(*compile(*(one.queryset for one in rows)))
    key = (name, _rights_of(first.user), *((one.name, one.shape) for one in rows))
    if key not in _templates:
        if len(_templates) >= MOST_KEPT:
            _templates.clear()
        _templates[key] = _template(compile, rows)
    kept = _templates[key]
    if kept is None:
        return Statement(*compile(*(one.queryset for one in rows)))
    made, prepares = kept
    values = [*_of_the_person(first.user, made), *(v for one in rows for v in one.values)]
    for number, prepare in prepares.items():
        values[number] = prepare(values[number])
    return Statement(made.sql, made.filled(values), made.numbered)


def _template(
    compile: Compile, rows: Sequence[Rows[Any]]
) -> tuple[Template, dict[int, Prepare]] | None:
    """The statement with slots; None where it cannot be kept."""
    slots, prepares = map(Slot, count(len(_Person))), dict[int, Prepare]()
    try:
        person = _nobody(rows[0].user)
        made = template(*compile(*(one.with_slots(person, slots, prepares) for one in rows)))
    except Unkept:
        return None
    end = len(_Person) + sum(len(one.values) for one in rows)
    is_whole = next(slots).number == end and made.slots >= {*range(len(_Person), end)}
    return (made, prepares) if is_whole else None


class _Person(IntEnum):
    """The slots of the person who asks."""

    KEY = 0
    TEAM = 1
    PATH = 2
    PEOPLE = 3
    PLACES = 4


def _of_the_person(user: User, made: Template) -> list[Any]:
    """What stands in the slots of the person; who is in their reach is asked where it counts."""
    team = user.team
    return [
        user.pk,
        team.pk if team else None,
        team.path if team else "",
        user.people_in_reach if _Person.PEOPLE in made.slots else None,
        user.territories_in_reach if _Person.PLACES in made.slots else None,
    ]


def _nobody(user: User) -> User:
    """Somebody with the same rights, with slots for what is the person's own."""
    other = get_user_model()(pk=int(Slot(_Person.KEY)), role=user.role)
    if user.team is not None:
        other.team = Team(pk=int(Slot(_Person.TEAM)), path=str(Slot(_Person.PATH)))
    people: Any = Slot(_Person.PEOPLE)
    other.people_in_reach = people
    other.territories_in_reach = Slot(_Person.PLACES) if _has_places(user) else []
    return other


def _rights_of(user: User) -> Hashable:
    """All of a person that may shape a statement, and the definitions and language in force."""
    known: Hashable = user.__dict__.get("_shapes")
    if known is None:
        role = user.role
        rights = orjson.dumps([role.pk, role.rights, role.hidden])
        known = (rights, user.team is not None, _has_places(user))
        user.__dict__["_shapes"] = known
    return known, news.version(), get_language()


def _has_places(user: User) -> bool:
    """Whether territories are in the reach of somebody to whom they matter."""
    matter = any(user.reach(kind) == Reach.TERRITORY for kind in kinds())
    return matter and user.territories_in_reach != []
