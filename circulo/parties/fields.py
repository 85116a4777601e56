"""Contacts and companies as lists, the API, exports and the criteria language see them."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts import territory_tree
from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.lib import phones, postal
from circulo.parties.actions.writing import refresh_search
from circulo.parties.models import Party, PartyKind, Point, PostalAddress, Relationship
from circulo.parties.selectors import matching
from circulo.records.resources import Field, Joined, Own, Resource, Type, named, register


def _points(kind: str) -> Callable[[User], QuerySet[Any]]:
    return lambda user: Point.objects.filter(kind=kind)


def _lifecycles() -> dict[str, str | Promise]:
    return dict(Party.Lifecycle.choices)


def _address_forms() -> dict[str, str | Promise]:
    return dict(Party.Address.choices)


def _address(name: str, label: str | Promise, path: str, *, is_code: bool = False) -> Field:
    def rows(user: User) -> QuerySet[Any]:
        return PostalAddress.objects.all()

    return Field(name, label, path=path, related=rows, back="party", hidden_by="addresses",
                 is_code=is_code)  # fmt: skip


def _provinces() -> dict[str, str | Promise]:
    return {**postal.provinces()}


def _in_a_province(user: User) -> QuerySet[Any]:
    return PostalAddress.objects.exclude(province="")


def _dialled(text: str) -> str:
    """A number as it is stored; a part of one without what people write between its digits."""
    known = phones.parse(text, fmt.current().country)
    return known.e164 if known else re.sub(r"[\s().\-/]", "", text)


COMMON = [
    Field(
        "emails",
        _("E-mail"),
        path="value",
        related=_points("email"),
        back="party",
        indexed_by="search",
        normal=str.lower,
    ),
    Field(
        "phones",
        _("Phone"),
        path="value",
        related=_points("phone"),
        back="party",
        indexed_by="search",
        normal=_dialled,
        part=_dialled,
    ),
    Field(
        "lifecycle",
        _("Lifecycle"),
        Type.CHOICE,
        choices=_lifecycles,
        sort_by="lifecycle",
        then_by="sort_key",
    ),
    Field("owner", _("Owner"), Type.LINK, path="owner", link="user"),
    Field(
        "territory",
        _("Territory"),
        Type.LINK,
        link="territory",
        choices=territory_tree.offered,
        below=territory_tree.below,
    ),
    Field("source", _("Source")),
    Field("tags", _("Tags"), Type.LIST),
    Field("language", _("Language")),
    Field("tax_id", _("Tax id")),
    Field("notes", _("About"), is_column=False),
    _address("city", _("City"), "city"),
    _address("region", _("Province or state"), "region"),
    _address("postal_code", _("Postal code"), "postal_code", is_code=True),
    _address("country", _("Country"), "country"),
    Field(
        "province",
        _("Province of Spain"),
        Type.CHOICE,
        path="province",
        choices=_provinces,
        related=_in_a_province,
        back="party",
        hidden_by="addresses",
        reads=frozenset({"postal_code"}),
        is_column=False,
    ),
    Field("created_at", _("Created"), Type.MOMENT, sort_by="created_at"),
    Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
]
CONTACT_FIELDS = named(
    [
        Field("name", _("Name"), indexed_by="search", sort_by="sort_key"),
        Field("given_name", _("Given name"), indexed_by="search"),
        Field("first_surname", _("First surname"), indexed_by="search", leads="sort_key"),
        Field("second_surname", _("Second surname"), indexed_by="search"),
        Field("preferred_name", _("Preferred name"), indexed_by="search"),
        Field("title", _("Title")),
        Field("job_title", _("Job title")),
        Field("company", _("Company"), Type.LINK, link="party"),
        Field("birthday", _("Birthday"), Type.DATE),
        Field("form_of_address", _("Form of address"), Type.CHOICE, choices=_address_forms),
        *COMMON,
    ]
)
COMPANY_FIELDS = named(
    [
        Field("name", _("Name"), indexed_by="search", sort_by="sort_key", leads="sort_key"),
        Field("legal_name", _("Legal name"), indexed_by="search"),
        Field("industry", _("Industry")),
        Field("size", _("Employees"), Type.NUMBER),
        Field("annual_revenue", _("Annual revenue"), Type.NUMBER),
        Field("founded", _("Founded in"), Type.NUMBER),
        Field("website", _("Website"), path="value", related=_points("web"), back="party"),
        Field("parent", _("Parent company"), Type.LINK, path="company", link="party"),
        *COMMON,
    ]
)


SEARCHED = frozenset({"emails", "phones", "tax_id"})


def _contacts(user: User) -> QuerySet[Any]:
    return Party.objects.visible_to(user).filter(kind=PartyKind.PERSON)


def _companies(user: User) -> QuerySet[Any]:
    return Party.objects.visible_to(user).filter(kind=PartyKind.ORGANISATION)


register(
    Resource(
        "contacts",
        "contacts",
        _("Contacts"),
        _contacts,
        CONTACT_FIELDS,
        "name",
        ("name", "company", "job_title", "emails", "phones", "city", "lifecycle", "owner"),
        matching,
        Party,
        SEARCHED,
        Own("kind = 'person'", "binned_at IS NULL", "search", refresh_search),
        (Joined("company", "companies", "company_id"),),
    )
)
register(
    Resource(
        "companies",
        "companies",
        _("Companies"),
        _companies,
        COMPANY_FIELDS,
        "name",
        ("name", "industry", "size", "emails", "phones", "city", "lifecycle", "owner"),
        matching,
        Party,
        SEARCHED,
        Own("kind = 'organisation'", "binned_at IS NULL", "search", refresh_search),
    )
)


def _ties() -> dict[str, str | Promise]:
    return dict(Relationship.Kind.choices)


register(
    Resource(
        "relationships",
        "contacts",
        _("Relationships"),
        lambda user: Relationship.objects.visible_to(user),
        named(
            [
                # Keys grow with time, and need no index of their own.
                Field("created_at", _("Created"), Type.MOMENT, sort_by="pk"),
                Field("party", _("Contact"), Type.LINK, link="party"),
                Field("kind", _("Kind"), Type.CHOICE, choices=_ties),
                Field("other", _("Other"), Type.LINK, link="party"),
                Field("role", _("Role")),
                Field("since", _("Since"), Type.DATE),
                Field("until", _("Until"), Type.DATE),
            ]
        ),
        "-created_at",
        model=Relationship,
    )
)
