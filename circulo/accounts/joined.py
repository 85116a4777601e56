"""A record with the person it belongs to, their role and team, the version of what the house
defined and the state of the database: one prepared statement.

Every page begins with a session and every call of the API with a token; both ask for the same
person, and four queries put together by the ORM would take longer than most answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from circulo.accounts import news, prepared
from circulo.accounts.models import ApiToken, Firm, Role, Session, Team, User

_PATH = "stand-in-for-the-path-of-a-team%"
R = TypeVar("R", ApiToken, Session)
_PERSON: tuple[tuple[type[Model], str], ...] = (
    (User, "user__"), (Role, "user__role__"), (Team, "user__team__"),
)  # fmt: skip


def read(model: type[R], rows: Callable[[], QuerySet[R]], values: dict[Any, Any]) -> R | None:
    """The first of the rows, its user with role and team; `values` stand for the stand-ins."""

    def build() -> QuerySet[Any, Any]:
        parts = ((model, ""), *_PERSON)
        told = {
            "version": Subquery(Firm.objects.filter(pk=1).values("definitions")[:1]),
            "state": RawSQL("pg_current_snapshot()::text", ()),
        }
        names = (path + name for kind, path in parts for name in prepared.columns_of(kind))
        return rows().annotate(**told).values_list(*names, *told)

    found = prepared.once(model._meta.label, build).run(values)
    if not found:
        return None
    *_columns, version, state = found[0]
    news.hear(version)
    record = _made(model, iter(found[0]))
    if record.user is not None:
        record.user.read_in_state = state
    return record


def people_below(path: str, key: int) -> list[int]:
    """The person with this key, and everybody in the team of this path and the teams below it."""
    found = prepared.once("people below", _below).run({_PATH: f"{path}%"})
    return sorted({key, *(key for (key,) in found)})


def _below() -> QuerySet[Any, Any]:
    path = _PATH.removesuffix("%")
    return User.objects.filter(team__path__startswith=path).values_list("pk")


def _made(model: type[R], values: Iterator[Any]) -> R:
    record = prepared.made(model, values)
    user, role, team = (prepared.made(kind, values) for kind, _path in _PERSON)
    if user.pk is not None:
        user.role, user.team = role, team if team.pk else None  # type: ignore[attr-defined]  # by _PERSON
        record.user = user  # type: ignore[assignment]  # by _PERSON
    return record
