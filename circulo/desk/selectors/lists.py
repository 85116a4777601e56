"""What a list shows: one statement for the rows and all in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import User
from circulo.records.models import OWN
from circulo.records.resources import Resource
from circulo.records.rosters import Columns, Roster, roster
from circulo.records.rows import Rows, fulfilling, holding, seen_rows


def asked_of(resource: Resource, user: User, *, q: str = "", criterion: Any = None) -> Rows[Any]:
    """The records of a list that this person may see, narrowed by a search and a criterion."""
    rows = seen_rows(resource, user)
    if q:
        rows = holding(rows, resource, q, user)
    return fulfilling(rows, resource, criterion)


def listed(resource: Resource, user: User, *, q: str = "", criterion: Any = None) -> QuerySet[Any]:
    """The same as a queryset, for whoever asks more of it than a page."""
    return asked_of(resource, user, q=q, criterion=criterion).queryset


def shown_of(
    user: User, kind: Resource, keys: Sequence[int], names: Iterable[str]
) -> list[Columns]:
    """What the named columns show of the visible ones among these records, in the keys' order."""
    if not keys:
        return []
    about, read = roster(kind.name), _read(kind, user, _with_beside(kind, user, names))

    def build(other: User) -> QuerySet[Any, Any]:
        rows = kind.visible(other).filter(pk__in=prepared.among_keys())
        return _columns(about, rows, other, read)

    name = f"list {kind.name} {' '.join(read)}"
    asked = prepared.statement(name, user, about.rights, build)
    blank = dict.fromkeys(_hidden(kind, user))
    found = {row[0]: blank | _named(about, read, row) for row in asked.rows(user, list(keys))}
    return [found[key] for key in keys if key in found]


def just_saved(kind: Resource, record: Model, user: User, names: Iterable[str]) -> Columns:
    """A record as its writer has just left it, even where they gave it out of their own reach."""
    about, read = roster(kind.name), _read(kind, user, _with_beside(kind, user, names))
    rows = type(record)._default_manager.filter(pk=record.pk)
    blank = dict.fromkeys(_hidden(kind, user))
    return blank | _named(about, read, _columns(about, rows, user, read).get())


def _with_beside(kind: Resource, user: User, names: Iterable[str]) -> list[str]:
    """The columns, with what stands beside some of them as far as this person may see it."""
    names, hidden = list(names), user.hidden_fields(kind.kind)
    beside = roster(kind.name).beside
    told = (beside[name] for name in names if name in beside)
    return [*names, *(reader for reader, about in told if about not in {*names, *hidden})]


def _read(kind: Resource, user: User, names: Iterable[str]) -> tuple[str, ...]:
    """Every column of its own that this person may see, which costs nothing, and of the rest what
    is shown.
    """
    names, about = list(names), roster(kind.name)
    beyond = {*about.base, *about.readers, *_hidden(kind, user)}
    plain = (name for name in _own(kind) if name not in beyond)
    custom = ("custom",) if any(name.startswith(OWN) for name in names) else ()
    return (*about.base, *plain, *custom, *sorted(about.readers.keys() & set(names)))


def _own(kind: Resource) -> Iterator[str]:
    """The fields of a kind that are columns of its table by the same name."""
    return (f.column for f in kind.fields.values() if f.is_column and f.column == f.name)


def _hidden(kind: Resource, user: User) -> set[str]:
    """Those that are not read: to whoever may not see them they are empty."""
    hidden = user.hidden_fields(kind.kind)
    own = set(_own(kind)) if hidden else set()
    return {name for name in own if kind.fields[name].is_hidden(name, hidden)}


def _columns(
    about: Roster, rows: QuerySet[Any], user: User, read: Sequence[str]
) -> QuerySet[Any, Any]:
    reads = about.readers
    gathered = {f"shown_{name}": reads[name](user) for name in read if name in reads}
    said = (about.base.get(name) or (f"shown_{name}" if name in reads else name) for name in read)
    found: QuerySet[Any, Any] = rows.annotate(**gathered).values_list(*said)
    return found


def _named(about: Roster, read: Sequence[str], row: Sequence[Any]) -> Columns:
    values = dict(zip(read, row, strict=True))
    loaded = (name for name in (*about.loaded, "custom") if name in values)
    return values | {name: prepared.loaded(values[name]) for name in loaded}
