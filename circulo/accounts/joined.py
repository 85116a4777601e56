"""A record with the person it belongs to, their role and team: one prepared statement.

Every page begins with a session and every call of the API with a token; both ask for the same
person, and four queries put together by the ORM would take longer than most answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import ApiToken, Role, Session, Team, User

R = TypeVar("R", ApiToken, Session)
_PERSON: tuple[tuple[type[Model], str], ...] = (
    (User, "user__"), (Role, "user__role__"), (Team, "user__team__"),
)  # fmt: skip
_NAMES: dict[type[Model], list[str]] = {
    model: [field.attname for field in model._meta.concrete_fields]
    for model in (ApiToken, Session, User, Role, Team)
}


def read(model: type[R], rows: Callable[[], QuerySet[R]], values: dict[Any, Any]) -> R | None:
    """The first of the rows, its user with role and team; `values` stand for the stand-ins."""

    def build() -> QuerySet[Any, Any]:
        parts = ((model, ""), *_PERSON)
        return rows().values_list(*(path + name for kind, path in parts for name in _NAMES[kind]))

    found = prepared.once(model._meta.label, build).run(values)
    return _made(model, iter(found[0])) if found else None


def _made(model: type[R], values: Iterator[Any]) -> R:
    record = _one(model, values)
    user, role, team = (_one(kind, values) for kind, _path in _PERSON)
    assert isinstance(record, model)
    if user.pk is not None:
        user.role, user.team = role, team if team.pk else None  # type: ignore[attr-defined]  # by _PERSON
        record.user = user  # type: ignore[assignment]  # by _PERSON
    return record


def _one(model: type[Model], values: Iterator[Any]) -> Model:
    names = _NAMES[model]
    return model.from_db(None, names, [prepared.plain(model, name, next(values)) for name in names])
