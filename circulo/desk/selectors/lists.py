"""What a list of contacts or companies shows: one statement for the rows and all in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from circulo.accounts.models import User
from circulo.accounts.rights import Reach
from circulo.lib import ids
from circulo.parties.models import Party, Point, PostalAddress
from circulo.parties.selectors import terms_of
from circulo.records import criteria
from circulo.records.resources import Resource

Reader = Callable[[User], Combinable]
FOUND_BY = frozenset({"emails", "phones", "tax_id"})


def listed(resource: Resource, user: User, *, q: str = "", criterion: Any = None) -> QuerySet[Any]:
    """The records of a list that this person may see, narrowed by a search and a criterion."""
    rows = resource.visible(user)
    if q and resource.search:
        rows = resource.search(rows, q)
        if FOUND_BY & user.hidden_fields(resource.kind):
            for term in terms_of(q):
                rows = rows.filter(name__unaccent__icontains=term)
    if criterion is None:
        return rows
    return rows.filter(criteria.compile_for(resource, criterion, user))


def with_columns(rows: QuerySet[Party], user: User, names: Iterable[str]) -> QuerySet[Party]:
    """Rows with what the named columns show, gathered in the same statement."""
    wanted = {name: _READERS[name](user) for name in names if name in _READERS}
    return (
        rows.select_related("owner__team")
        .defer("search", "notes", "custom")
        .annotate(**{f"shown_{name}": read for name, read in wanted.items()})
    )


def just_saved(party: Party, user: User, names: Iterable[str]) -> Party:
    """A party as its writer has just left it, even where they gave it out of their own reach."""
    return with_columns(Party.objects.filter(pk=party.pk), user, names).get()


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


def may_touch(user: User, kind: str, act: str, owner: User | None) -> bool:
    """Whether a record that is owned so lies within a person's reach: `visible_to` for one row."""
    reach = user.reach(kind, act)
    if reach in (Reach.ALL, Reach.NONE) or owner is None:
        return reach == Reach.ALL
    if owner.pk == user.pk:
        return True
    path = owner.team.path if owner.team else ""
    return reach == Reach.TEAM and user.team is not None and path.startswith(user.team.path)


def people_who_work_here() -> list[tuple[str, str]]:
    """Everybody who may own a record: identifier and name."""
    rows = User.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
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
