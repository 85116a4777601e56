"""A party as other programs are shown it: one dictionary, by the names that it is written with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import Firm
from circulo.accounts.territory_tree import tree
from circulo.lib import ids
from circulo.parties import panels
from circulo.parties.models import RESOURCES, Party, PartyKind, Point
from circulo.records.models import OWN
from circulo.records.own import links
from circulo.records.own.computed import teller
from circulo.records.own.definitions import defined

if TYPE_CHECKING:
    from circulo.accounts.models import User

COMMON = ("tax_id", "tax_country", "language", "lifecycle", "source", "tags", "notes", "custom",
          "version", "created_at", "updated_at")  # fmt: skip
PERSON = ("name", "given_name", "first_surname", "second_surname", "preferred_name", "title",
          "job_title", "birthday", "form_of_address", *COMMON)  # fmt: skip
ORGANISATION = ("name", "legal_name", "industry", "size", "founded", "annual_revenue", *COMMON)
WAYS = ("emails", "phones", "faxes", "social", "addresses")
HIDDEN_WITH = {"faxes": "phones", "tax_country": "tax_id"}
_ALWAYS = ("id", "kind", "name", "version")
_HOLDS = dict.fromkeys(("city", "region", "postal_code", "country"), "addresses")
_COLUMNS = [field.attname for field in Party._meta.concrete_fields if field.name != "search"]
_JSON = ("emails", "phones", "faxes", "websites", "social", "addresses", "company", "owner")


def parties_shown(user: User, keys: Sequence[int]) -> list[dict[str, Any]]:
    """The visible ones among these parties in the order of the keys, read in one statement."""
    if not keys:
        return []
    kinds = ("contacts", "companies")
    found = prepared.statement("parties", user, kinds, _gather).rows(user, list(keys))
    shape = Shape(user)
    shown = {row[0]: shape.of(_columns(row), _parts(row)) for row in found}
    hide_unseen_links(user, shown.values())
    return [shown[key] for key in keys if key in shown]


def hide_unseen_links(user: User, shown: Iterable[dict[str, Any]]) -> None:
    """Take out of parties, as they are shown, the links of own fields to what is out of sight."""
    for kind, resource in RESOURCES.items():
        customs = [one["custom"] for one in shown if one["kind"] == kind]
        links.hide_unseen(user, defined(resource), customs)


def only(party: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Of a party, as it is shown, what these columns of a list hold; always what it is called."""
    own = {name.removeprefix(OWN) for name in columns if name.startswith(OWN)}
    plain = {_HOLDS.get(name, name) for name in columns if not name.startswith(OWN)}
    plain |= {
        f"{name}_name" for name in ("company", "parent", "owner", "territory") if name in plain
    }
    left = {name: value for name, value in party.items() if name in plain or name in _ALWAYS}
    if own:
        left["custom"] = {key: v for key, v in party.get("custom", {}).items() if key in own}
    return left


class Shape:
    """Puts parties into the form of the API for one person."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.tellers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {}

    def of(self, columns: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
        """One party, from its columns and from what panels gathered of it."""
        is_person = columns["kind"] == PartyKind.PERSON
        company, owner, webs = parts.get("company"), parts.get("owner"), parts.get("websites")
        resource = RESOURCES[columns["kind"]]
        shown = {"id": ids.encode("party", columns["id"]), "kind": columns["kind"]}
        shown |= {name: columns[name] for name in (PERSON if is_person else ORGANISATION)}
        shown["custom"] = self.tell(resource)(columns)
        shown |= {name: parts.get(name) for name in WAYS}
        link = "company" if is_person else "parent"
        shown |= {
            "website": webs[0]["value"] if webs else "",
            link: company["id"] if company else None,
            f"{link}_name": company["name"] if company else None,
            "owner": owner["id"] if owner else None,
            "owner_name": owner["name"] if owner else None,
            **_territory(columns["territory_id"], columns["pinned_territory_id"]),
        }
        if not is_person and shown["annual_revenue"] is not None:
            shown["annual_revenue"] = {
                "amount": str(shown["annual_revenue"]),
                "currency": self.currency,
            }
        hidden = self.user.hidden_fields(resource)
        return shown if not hidden else _without(shown, hidden)

    def tell(self, resource: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What tells the own fields of a kind, found once."""
        if resource not in self.tellers:
            self.tellers[resource] = teller(self.user, resource)
        return self.tellers[resource]

    @cached_property
    def currency(self) -> str:
        return currency()


def currency() -> str:
    """The currency of the firm, in which amounts without one of their own are meant."""
    return Firm.objects.values_list("currency", flat=True).first() or "EUR"


def _territory(key: int | None, pin: int | None) -> dict[str, Any]:
    """Where a party lies, and whether somebody said so."""
    place = tree().by_key.get(key) if key else None
    return {
        "territory": place.public_id if place else None,
        "territory_name": place.name if place else None,
        "territory_by_hand": pin is not None,
    }


def _without(shown: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {
        name: value
        for name, value in shown.items()
        if HIDDEN_WITH.get(name, name.removesuffix("_name")) not in hidden
    }


def _gather(user: User) -> QuerySet[Any, Any]:
    parts = {
        "emails": panels.points(Point.Kind.EMAIL)(user),
        "phones": panels.points(Point.Kind.PHONE)(user),
        "faxes": panels.points(Point.Kind.FAX)(user),
        "websites": panels.points(Point.Kind.WEB)(user),
        "social": panels.points(Point.Kind.SOCIAL)(user),
        "addresses": panels.addresses(user),
        "company": panels.company(user),
        "owner": panels.owner(user),
    }
    rows = Party.objects.visible_to(user).filter(pk__in=prepared.among_keys())
    return rows.values_list(*_COLUMNS, *(parts[name] for name in _JSON))


def _columns(row: tuple[Any, ...]) -> dict[str, Any]:
    columns = dict(zip(_COLUMNS, row, strict=False))
    columns["custom"] = prepared.loaded(columns["custom"])
    return columns


def _parts(row: tuple[Any, ...]) -> dict[str, Any]:
    read = (value and prepared.loaded(value) for value in row[len(_COLUMNS) :])
    parts = dict(zip(_JSON, read, strict=True))
    parts["company"] = panels.linked(parts["company"])
    parts["owner"] = panels.owned(parts["owner"])
    return parts
