"""How contacts and companies stand in their lists, and how they are changed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from html import escape
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from circulo.accounts.models import User
from circulo.lib import countries, ids, phones
from circulo.lib import format as one
from circulo.parties import actions
from circulo.parties.drafts import Draft, read
from circulo.parties.dumps import dump_rows
from circulo.parties.links import refuse_unknown_links
from circulo.parties.models import Party, PartyKind, Point, PostalAddress
from circulo.records.own import controls
from circulo.records.resources import Field
from circulo.records.rosters import Columns, Reader, Roster, register

TONES = {"customer": "good", "lead": "accent", "prospect": "accent", "member": "good",
         "partner": "line", "supplier": "line"}  # fmt: skip
_BASE = {"id": "id", "kind": "kind", "name": "name", "owner_id": "owner_id",
         "owner": "owner__name", "owner_path": "owner__team__path",
         "territory_id": "territory_id"}  # fmt: skip
_KINDS = {
    "name": "name",
    "emails": "mail",
    "phones": "phone",
    "lifecycle": "chips",
    "tags": "chips",
    "size": "number",
    "annual_revenue": "number",
    "birthday": "day",
    "created_at": "moment",
    "updated_at": "moment",
}
_EDITED = frozenset({
    "title", "preferred_name", "job_title", "lifecycle", "owner", "source", "tags", "language",
    "birthday", "form_of_address", "legal_name", "industry", "size", "annual_revenue", "founded",
})  # fmt: skip


class Named(NamedTuple):
    """A party as its ring and its name show it."""

    name: str
    is_organisation: bool

    def __str__(self) -> str:
        return self.name


def _point(kind: str) -> Reader:
    rows = Point.objects.filter(party=OuterRef("pk"), kind=kind, is_primary=True)
    return lambda user: Subquery(rows.values("value")[:1])


def _address(name: str) -> Reader:
    rows = PostalAddress.objects.filter(party=OuterRef("pk"), is_primary=True)
    return lambda user: Subquery(rows.values(name)[:1])


def party_as_json(user: User, outer: str = "party_id") -> Subquery:
    """The party that a column leads to as JSON, for `party_link`, where this person sees it."""
    rows = Party.objects.visible_to(user).filter(pk=OuterRef(outer))
    return Subquery(rows.values(json=JSONObject(id="pk", name="name", kind="kind")))


def _company(user: User) -> Combinable:
    return party_as_json(user, "company_id")


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
    "territory": lambda user: F("territory__name"),
}


def party_link(shown: dict[str, Any] | None) -> Any:
    """The name of a party that was read as JSON, as a link to its page."""
    if not shown:
        return ""
    place = "contacts" if shown["kind"] == PartyKind.PERSON else "companies"
    url, name = f"/{place}/{ids.encode('party', shown['id'])}", escape(shown["name"])
    return SafeString(f'<a class="link" href="{url}" tabindex="-1">{name}</a>')


@cache
def _label(name: str, value: str, language: str) -> str:
    """The label of a choice in the language of now, which is part of what is remembered."""
    labels = dict(Party._meta.get_field(name).flatchoices)  # type: ignore[union-attr]  # has choices
    return str(labels.get(value, value))


@cache
def _lifecycle(value: str, language: str) -> tuple[str, str]:
    return _label("lifecycle", value, language), TONES.get(value, "")


def _phones(country: str, language: str) -> Callable[[Columns], Any]:
    def show(row: Columns) -> Any:
        value = row["phones"]
        return (value, phones.shown(value, country)) if value else ""

    return show


_SHOWS: dict[str, Callable[[str, str], Callable[[Columns], Any]]] = {
    "name": lambda _c, _l: (
        lambda row: Named(row["name"], row["kind"] == PartyKind.ORGANISATION)
    ),
    "company": lambda _c, _l: lambda row: party_link(row["company"]),
    "parent": lambda _c, _l: lambda row: party_link(row["parent"]),
    "owner": lambda _c, _l: lambda row: row["owner"] or "",
    "founded": lambda _c, _l: lambda row: str(row["founded"] or ""),
    "phones": _phones,
    "country": lambda _c, language: (
        lambda row: countries.name(row["country"], language) if row["country"] else ""
    ),
    "lifecycle": lambda _c, language: lambda row: [_lifecycle(row["lifecycle"], language)],
    "form_of_address": lambda _c, language: (
        lambda row: _label("form_of_address", row["form_of_address"], language)
    ),
}  # fmt: skip


def _within(kind: str, user: User, act: str) -> QuerySet[Party]:
    return Party.objects.visible_to(user, act).filter(kind=kind)


def _change(party: Party, field: Field, said: Any, by: User, version: int | None) -> object:
    return actions.change_party(party, _draft(party, field, said, by), by=by, version=version)


def _draft(party: Party, field: Field, said: Any, by: User) -> Draft:
    if field.own:
        meant = controls.meant(field.own, said, by)
        draft = read({"custom": {field.own.key: meant}}, party.kind, partial=True)
        refuse_unknown_links(draft, by=by, party=party)
        return draft
    if field.name == "owner":
        key = ids.decode("user", said) if said else None
        return Draft(party.kind, {"owner_id": key})
    return read({field.name: said}, party.kind, partial=True)


def _edit(keys: Sequence[int], columns: dict[str, Any], by: User) -> int:
    return actions.edit_parties(keys, columns, by=by)


def _contacts(count: int) -> str:
    return ngettext("%s contact", "%s contacts", count) % one.number(count)


def _companies(count: int) -> str:
    return ngettext("%s company", "%s companies", count) % one.number(count)


register(
    *(
        Roster(
            name, "party", _BASE, ("contacts", "companies"), partial(_within, kind),
            _change, _edit, partial(dump_rows, name), in_words, new,
            readers=_READERS, loaded=frozenset({"company", "parent"}), shows=_SHOWS,
            kinds=_KINDS, also=("tags",), edited=_EDITED,
            low=frozenset({"owner", "territory", "source", "tags", "created_at", "updated_at",
                           "industry", "size"}),
            chosen=frozenset({"lifecycle", "form_of_address"}), needed=frozenset({"lifecycle"}),
            counted=frozenset({"owner", "territory", "source", "language", "industry", "region",
                               "city", "country"}),
            unsummed=frozenset({"founded"}), new_label=new_label, new_mark=mark,
            empty=f"parties/_no_{name}.html",
        )
        for name, kind, in_words, new, new_label, mark in (
            ("contacts", PartyKind.PERSON, _contacts, "parties:new_contact",
             lazy("New contact"), "user-plus"),
            ("companies", PartyKind.ORGANISATION, _companies, "parties:new_company",
             lazy("New company"), "building-2"),
        )
    )
)  # fmt: skip
