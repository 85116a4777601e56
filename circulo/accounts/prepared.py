"""Statements that are worth preparing: written once by the ORM, planned once by PostgreSQL.

Putting together a queryset of a dozen JSON aggregates takes ten times as long as running it. A
prepared statement is compiled once for each shape that rights give it, with stand-ins where a
person's own values go (each of them says `stand-in-for`), and afterwards only these values change.
Each connection prepares it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count, islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

import orjson
import psycopg
import psycopg.sql
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import RawSQL

from circulo.accounts.models import Team, Territory
from circulo.lib.compiled import compiled

if TYPE_CHECKING:
    from circulo.accounts.models import User

M = TypeVar("M", bound=Model)
KEY = 7_340_012_345_678_901_234
_STAND_IN = "stand-in-for"
KEYS = f"{_STAND_IN}-the-keys"
DAY = f"{_STAND_IN}-the-day"
_USER = KEY + 1
_PATH = f"{_STAND_IN}-the-path"


@dataclass(frozen=True)
class Statement:
    """A compiled statement; among its parameters stand-ins wait for the values of each run."""

    sql: str
    parameters: tuple[Any, ...]

    def rows(self, user: User, key: Any = None, words: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Run it for a person and the record with this key, those with a list of keys, or those
        that hold some words."""
        held = {f"%{word(n)}%": f"%{_as_it_stands(text)}%" for n, text in enumerate(words)}
        return self.run({KEY: key, KEYS: key, **_of_the_person(user), **held})

    def run(self, values: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Run it with these values in place of their stand-ins."""
        return _rows(self.sql, self._filled(values))

    def run_anew(
        self, values: Mapping[Any, Any], user: User | None = None
    ) -> list[tuple[Any, ...]]:
        """The same, planned for these values and, where rights shape it, for a person's own."""
        own = _of_the_person(user) if user else {}
        return _rows(self.sql, self._filled({**own, **values}), prepare=False)

    def _filled(self, values: Mapping[Any, Any]) -> list[Any]:
        return [values.get(p, p) if isinstance(p, Hashable) else p for p in self.parameters]


def _of_the_person(user: User) -> dict[Any, Any]:
    return {_USER: user.pk, f"{_PATH}%": f"{user.team.path}%" if user.team else ""}


_statements: dict[tuple[Any, ...], Statement] = {}


def statement(
    name: str, user: User, kinds: tuple[str, ...], build: Callable[[User], QuerySet[Any, Any]]
) -> Statement:
    """The statement of this name for whoever has the same reaches over these kinds as `user`.

    `build` gives its queryset for a person, as `values_list`, filtered by `pk=KEY`. It depends on
    nothing of the person but the reaches over `kinds`, the key and the path of the team.
    """
    shape = (name, user.team is not None, *(user.reach(kind) for kind in kinds))
    known = _statements.get(shape)
    if known is None:
        known = _statements[shape] = _statement_of(build(_stand_in(user)))
    return known


def once(name: str, build: Callable[[], QuerySet[Any, Any]]) -> Statement:
    """The statement of this name where nobody's rights shape it; its stand-ins are its own."""
    known = _statements.get((name,))
    if known is None:
        known = _statements[(name,)] = _statement_of(build())
    return known


def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement written by hand, with `%s` for its parameters, and give its rows."""
    return _rows(_numbered(sql), parameters)


def run_anew(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The same, planned each time for the values that it is run with.

    For statements over many rows whose values (a range, the people of a team or nobody in
    particular) decide which way is short: a plan made once for any value can take ten times as
    long as making one.
    """
    return _rows(_numbered(sql), parameters, prepare=False)


def run_numbered(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The same of a statement that has the server's own placeholders already."""
    return _rows(sql, parameters, prepare=False)


def among_keys() -> RawSQL:
    """The keys that a statement over several records is run with, for `pk__in`."""
    return RawSQL("SELECT unnest(%s::bigint[])", [KEYS])


def that_day() -> RawSQL:
    """The day that a statement is run for, its value for `DAY`."""
    return RawSQL("%s::date", [DAY])


def word(number: int) -> str:
    """What stands in for a word that is searched for, in a condition with `__contains`."""
    return f"{_STAND_IN}-word-{number}"


def _as_it_stands(text: str) -> str:
    """A text of which no sign means another in LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def loaded(value: Any) -> Any:
    """JSON as the driver hands it over: text, or a list of texts; what the ORM read stays as is."""
    if isinstance(value, list):
        return [orjson.loads(part) if type(part) is str else loaded(part) for part in value]
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def columns_of(model: type[Model], *related: str) -> tuple[str, ...]:
    """The columns of a record, and of the `related` ones that it leads to, as `made` takes their
    values."""
    there = ((name, column) for name in related for column in _columns(_led_to(model, name))[0])
    return (*_columns(model)[0], *(f"{name}__{column}" for name, column in there))


def made(model: type[M], values: Iterable[Any], *related: str) -> M:
    """A record of these values of its columns, as the driver hands them over, with the `related`
    ones that it leads to."""
    rest = iter(values)
    record = _made(model, rest)
    for name in related:
        there = _made(_led_to(model, name), rest)
        found = there if there.pk is not None else None
        model._meta.get_field(name).set_cached_value(record, found)  # type: ignore[union-attr]  # of a link
    return record


def _made(model: type[M], values: Iterator[Any]) -> M:
    names, places = _columns(model)
    row = list(islice(values, len(names)))
    for place in places:
        row[place] = loaded(row[place])
    return model.from_db(DEFAULT_DB_ALIAS, names, row)


def _led_to(model: type[Model], name: str) -> type[Model]:
    """The kind of record that a link leads to."""
    found: Any = model._meta.get_field(name).related_model
    return cast("type[Model]", found)


@cache
def _columns(model: type[Model]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The columns of a model, and the places of those that hold JSON."""
    fields = model._meta.concrete_fields
    places = (n for n, field in enumerate(fields) if isinstance(field, JSONField))
    return tuple(field.attname for field in fields), tuple(places)


def _statement_of(rows: QuerySet[Any, Any]) -> Statement:
    """What never changes is written into the statement: the driver does not send it each time, and
    the server plans with it."""
    sql, parameters = compiled(rows)
    written = [_literal(parameter) for parameter in parameters]
    rest = tuple(p for p, text in zip(parameters, written, strict=True) if text is None)
    texts = iter(written)
    filled = re.sub("%[s%]", lambda m: m[0] if m[0] == "%%" else next(texts) or "%s", sql)
    return Statement(_numbered(filled), rest)


def _literal(parameter: Any) -> str | None:
    """A plain value as SQL writes it; None for a stand-in, and for what only the driver can say."""
    if type(parameter) not in (str, int, bool) or parameter in (KEY, _USER):
        return None
    if isinstance(parameter, str) and _STAND_IN in parameter:
        return None
    return psycopg.sql.Literal(parameter).as_string().replace("%", "%%")


def _rows(sql: str, parameters: Sequence[Any], *, prepare: bool = True) -> list[tuple[Any, ...]]:
    with _cursor(_PreparedCursor if prepare else _UnpreparedCursor) as cursor:
        cursor.execute(sql, parameters)
        found = cursor.pgresult  # its `description` would take longer than the rows
        return list(cursor.fetchall()) if found is not None and found.nfields else []


@lru_cache(maxsize=256)
def _numbered(sql: str) -> str:
    """The statement with the server's own placeholders, so that no run parses it again."""
    numbers = count(1)
    return re.sub("%[s%]", lambda m: f"${next(numbers)}" if m[0] == "%s" else "%", sql)


def _stand_in(user: User) -> User:
    """Somebody with the same rights whose own values are recognised among the parameters."""
    other = get_user_model()(pk=_USER, role=user.role)
    other.team = user.team and Team(pk=user.team.pk, path=_PATH)
    other.people_in_reach = None
    other.territories_in_reach = Territory.objects.worked_by(other).values("pk")
    return other


class _PreparedCursor(psycopg.RawCursor[Any]):
    """A cursor that binds on the server and prepares what it runs."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _PreparedCursor:
        super().execute(query, params, prepare=True, **options)
        return self


class _UnpreparedCursor(psycopg.RawCursor[Any]):
    """A cursor that binds on the server and has each run planned."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _UnpreparedCursor:
        super().execute(query, params, prepare=False, **options)
        return self


def _cursor(kind: type[psycopg.RawCursor[Any]]) -> Any:
    """A cursor over the connection of this thread, its statements counted like any others."""
    connection.ensure_connection()
    raw: Any = kind(connection.connection)
    return (
        connection.make_debug_cursor(raw)
        if connection.queries_logged
        else connection.make_cursor(raw)
    )
