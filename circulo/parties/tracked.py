"""What the ledger keeps of contacts and companies, and what follows from putting it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circulo.accounts.rights import Reach
from circulo.lib import acting, countries, ids, phones
from circulo.lib import format as fmt
from circulo.parties.actions import writing
from circulo.parties.actions.parties import bin_parties, change_party, restore_parties
from circulo.parties.actions.placing import place_parties
from circulo.parties.drafts import Draft
from circulo.parties.languages import language_called
from circulo.parties.models import (
    RESOURCES,
    Duplicate,
    Follow,
    Party,
    PartyKind,
    Point,
    PostalAddress,
    Relationship,
)
from circulo.records.ledger import Change
from circulo.records.models import OWN
from circulo.records.tracking import Hidden, Root, Tracked, root, track
from circulo.web import live

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_TOLD = 50
_POINTS = {"email": "emails", "phone": "phones", "fax": "phones", "web": "website"}
_FIELDS = {"tax_country": "tax_id", "has_valid_tax_id": "tax_id"}
_SEARCHED = {f"party.{name}" for name in writing.SEARCHED} | {
    "party",
    "point",
    "party.custom",
    "party.merged_into_id",
}


def _within(user: User, act: str) -> QuerySet[Any] | None:
    """The parties this person may edit or delete, in the bin or not."""
    if user.reach("contacts", act) == user.reach("companies", act) == Reach.ALL:
        return None
    return Party.objects.all().within(user, act)


def _settle(keys: Sequence[int], names: Collection[str]) -> None:
    """A party is found by what it is called now, and whoever looks at it is told."""
    if any(not name.startswith("party") for name in names):
        writing.touch(keys)
    if any(name in _SEARCHED or name.startswith("point.") for name in names):
        writing.refresh_search([*keys, *_merged_into(keys)])
    place_parties(keys)
    for key in keys[:MOST_TOLD]:
        live.publish(f"party:{ids.encode('party', key)}")


def _merged_into(keys: Sequence[int]) -> set[int]:
    """Those who are found by the names of these too, or were until this very change."""
    gone = Party.objects.filter(pk__in=keys).exclude(merged_into=None)
    act = acting.current()
    this = act.change_set if act else None
    changed = Change.objects.filter(change_set=this or 0, kind="party", key__in=keys)
    were = changed.filter(old__merged_into_id__isnull=False)
    stay = {*gone.values_list("merged_into_id", flat=True),
            *were.values_list("old__merged_into_id", flat=True)}  # fmt: skip
    return stay - {None}


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """What the parties that a person may see are called, in the bin or not."""
    rows = Party.objects.all().within(user, "view").filter(pk__in=keys)
    return {party.pk: (party.name, party.get_absolute_url()) for party in rows.only("name", "kind")}


def _hides(user: User, keys: Collection[int]) -> dict[int, Hidden]:
    """What a role hides of a contact or a company is hidden in its history too."""
    rows = Party.objects.filter(pk__in=keys, kind=PartyKind.PERSON)
    people = set(rows.values_list("pk", flat=True))
    of_people, of_others = (_hidden_with(user.hidden_fields(n)) for n in ("contacts", "companies"))
    return {key: of_people if key in people else of_others for key in keys}


def _hidden_with(hidden: frozenset[str]) -> Hidden:

    def hides(kind: str, column: str, row: dict[str, Any]) -> bool:
        if kind == "point":
            return _POINTS.get(row.get("kind", ""), "") in hidden
        if kind == "address":
            return "addresses" in hidden
        if column == "custom":
            return any(name.startswith(OWN) for name in hidden)
        return kind == "party" and _FIELDS.get(column, column) in hidden

    return hides


def _change(key: int, values: dict[str, Any], _old: dict[str, Any], by: User) -> None:
    """Set columns of a party as a form would."""
    if "binned_at" in values:
        act = bin_parties if values["binned_at"] else restore_parties
        act([key], by=by)
        return
    party = Party.objects.get(pk=key)
    if "custom" in values:
        values = values | {"custom": dict.fromkeys(party.custom) | values["custom"]}
    change_party(party, Draft(party.kind, values), by=by)


def _country(code: str) -> str:
    return countries.name(code, get_language() or "es")


def _point(value: str) -> str:
    """A phone as people of the reader's country write it; other addresses as they are."""
    return phones.shown(value, fmt.current().country) if value.startswith("+") else value


root(
    Root(
        "party",
        _within,
        _settle,
        whose="owner_id",
        named=_named,
        hides=_hides,
        change=_change,
    )
)
track(
    Tracked(
        Party,
        "party",
        _("Contact"),
        silent=frozenset({"has_valid_tax_id", "is_demo", "created_at", "kind"}),
        derived=frozenset({"search", "territory_id"}),
        bumped="version",
        touched="updated_at",
        words={"language": language_called, "tax_country": _country},
        own_of=lambda row: RESOURCES[row["kind"]],
    ),
    Tracked(
        Point,
        "point",
        _("Address or number"),
        root="party_id",
        root_kind="party",
        named_by="kind",
        told=("value", "label"),
        silent=frozenset({"position", "kind"}),
        words={"value": _point},
    ),
    Tracked(
        PostalAddress,
        "address",
        _("Postal address"),
        root="party_id",
        root_kind="party",
        told=("label", "street", "unit", "district", "postal_code", "city", "region", "country"),
        silent=frozenset({"position"}),
        words={"country": _country},
    ),
    Tracked(
        Relationship,
        "relationship",
        _("Relationship"),
        root="party_id",
        root_kind="party",
        named_by="kind",
        told=("other_id", "role"),
        silent=frozenset({"created_at", "kind"}),
    ),
    Tracked(
        Duplicate,
        "duplicate",
        _("Possible duplicate"),
        root="first_id",
        root_kind="party",
        is_in_history=False,
    ),
    Tracked(
        Follow,
        "follow",
        pgettext_lazy("of a contact", "Follower"),
        root="party_id",
        root_kind="party",
        is_in_history=False,
    ),
)
