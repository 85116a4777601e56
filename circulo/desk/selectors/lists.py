"""What a list of contacts or companies shows: one statement for the rows and all in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.accounts import prepared
from circulo.accounts.models import BY_NAME, User
from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.parties.models import Party, Point, PostalAddress
from circulo.records import criteria
from circulo.records.models import OWN
from circulo.records.resources import Resource, resource

Reader = Callable[[User], Combinable]
Columns = dict[str, Any]
_ALWAYS = ("id", "kind", "name", "owner_id", "owner", "owner_path")
_PATHS = {"owner": "owner__name", "owner_path": "owner__team__path"}
_JSON = ("company", "parent", "custom")


class Named(NamedTuple):
    """A party as its ring and its name show it."""

    name: str
    is_organisation: bool

    def __str__(self) -> str:
        return self.name


def listed(resource: Resource, user: User, *, q: str = "", criterion: Any = None) -> QuerySet[Any]:
    """The records of a list that this person may see, narrowed by a search and a criterion."""
    rows = resource.visible(user)
    if q:
        rows = resource.find(rows, q, user)
    if criterion is None:
        return rows
    return rows.filter(criteria.compile_for(resource, criterion, user))


def shown_of(
    user: User, kind: Resource, keys: Sequence[int], names: Iterable[str]
) -> list[Columns]:
    """What the named columns show of the visible ones among these records, in the keys' order."""
    if not keys:
        return []
    read = _read(kind, names)

    def build(other: User) -> QuerySet[Any, Any]:
        return _columns(kind.visible(other).filter(pk__in=prepared.among_keys()), other, read)

    name = f"list {kind.name} {' '.join(read)}"
    asked = prepared.statement(name, user, ("contacts", "companies"), build)
    found = {row[0]: _named(read, row) for row in asked.rows(user, list(keys))}
    return [found[key] for key in keys if key in found]


def just_saved(party: Party, user: User, names: Iterable[str]) -> Columns:
    """A party as its writer has just left it, even where they gave it out of their own reach."""
    read = _read(resource(party.resource), names)
    return _named(read, _columns(Party.objects.filter(pk=party.pk), user, read).get())


def _read(kind: Resource, names: Iterable[str]) -> tuple[str, ...]:
    """Every column of its own, which costs nothing, and of the rest what is shown."""
    names = list(names)
    own = (f.column for f in kind.fields.values() if f.is_column and f.column == f.name)
    plain = (name for name in own if name not in _ALWAYS and name not in _READERS)
    custom = ("custom",) if any(name.startswith(OWN) for name in names) else ()
    return (*_ALWAYS, *plain, *custom, *sorted(_READERS.keys() & set(names)))


def _columns(rows: QuerySet[Any], user: User, read: Sequence[str]) -> QuerySet[Any, Any]:
    gathered = {f"shown_{name}": _READERS[name](user) for name in read if name in _READERS}
    said = (_PATHS.get(name) or (f"shown_{name}" if name in _READERS else name) for name in read)
    found: QuerySet[Any, Any] = rows.annotate(**gathered).values_list(*said)
    return found


def _named(read: Sequence[str], row: Sequence[Any]) -> Columns:
    values = dict(zip(read, row, strict=True))
    return values | {name: prepared.loaded(values[name]) for name in _JSON if name in values}


def _point(kind: str) -> Reader:
    rows = Point.objects.filter(party=OuterRef("pk"), kind=kind, is_primary=True)
    return lambda user: Subquery(rows.values("value")[:1])


def _address(name: str) -> Reader:
    rows = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
    return lambda user: Subquery(rows.values(name)[:1])


def _company(user: User) -> Combinable:
    rows = Party.objects.visible_to(user).filter(pk=OuterRef("company_id"))
    return Subquery(rows.values(json=JSONObject(id="pk", name="name", kind="kind")))


_READERS: dict[str, Reader] = {
    "emails": _point(Point.Kind.EMAIL),
    "phones": _point(Point.Kind.PHONE),
    "website": _point(Point.Kind.WEB),
    "city": _address("city"),
    "region": _address("region"),
    "postal_code": _address("postal_code"),
    "country": _address("country"),
    "company": _company,
    "parent": _company,
}


def lies_within(reach: Reach, user: User, row: Columns) -> bool:
    """Whether a record that is owned so lies within a reach: `visible_to` for one row."""
    if reach in (Reach.ALL, Reach.NONE) or row["owner_id"] is None:
        return reach == Reach.ALL
    if row["owner_id"] == user.pk:
        return True
    path = row["owner_path"] or ""
    return reach == Reach.TEAM and user.team is not None and path.startswith(user.team.path)


def people_who_work_here() -> list[tuple[str, str]]:
    """Everybody who may own a record: identifier and name."""
    rows = User.objects.filter(is_active=True).order_by(*BY_NAME).values_list("pk", "name")
    return [(ids.encode("user", key), name) for key, name in rows]


def names_of(user: User, links: dict[str, set[str]]) -> dict[tuple[str, str], str]:
    """The names of linked records that this person may see, by link and identifier."""
    found: dict[tuple[str, str], str] = {}
    for link, rows in (("user", User.objects.all()), ("party", Party.objects.visible_to(user))):
        keys = {ids.decode(link, identifier): identifier for identifier in links.get(link, ())}
        if keys:
            named = rows.filter(pk__in=[key for key in keys if key]).values_list("pk", "name")
            found |= {(link, keys[key]): str(name) for key, name in named}
    return found
