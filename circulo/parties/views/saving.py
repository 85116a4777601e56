"""From what a form said to the action that writes it, the same for new and for changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid, Text
from circulo.parties import actions, drafts
from circulo.parties.drafts import Draft
from circulo.parties.forms.party import hidden_parts
from circulo.parties.links import refuse_unknown_links, territory_for
from circulo.parties.models import RESOURCES, Party, PartyKind, Point
from circulo.parties.selectors import colleague, company_for
from circulo.parties.snapshots import Snapshot, snapshot_of
from circulo.records.models import OWN
from circulo.records.own import controls
from circulo.records.own.definitions import defined
from circulo.records.own.forms import own_typed

NAMES = ("given_name", "first_surname", "name")
LINKS = ("company", "owner", "territory")


def snapshot_for(user: User, party: Party) -> Snapshot:
    """What the form shows this person of a party; a company out of sight is not told."""
    points: list[Point] = list(party.points.order_by("position", "pk"))
    addresses: list[Any] = list(party.addresses.order_by("position", "pk").values())
    said = snapshot_of(party, points, addresses)
    company = company_for(user, said["company"]) if said["company"] else None
    if company is None:
        said["company"] = ""
    said["company_name"] = company.name if company else ""
    said |= own_typed(party.resource, user, party.custom)
    gone = hidden_parts(user, party.kind)
    return {name: value for name, value in said.items() if name not in gone}


def add(user: User, kind: str, said: Snapshot) -> Party:
    """Add a party from a whole form."""
    return actions.add_party(_draft(user, kind, said, None), by=user)


def faults(user: User, kind: str, said: Snapshot, party: Party | None = None) -> dict[str, Text]:
    """Everything that would be refused of a form for a new party, or of what it changes of one that
    is there, by field; nothing is written.
    """
    refused: dict[str, Text] = {}
    looks: list[Callable[[], object]] = [lambda: _read(user, kind, said, party)]
    if party is None or "territory" in said:
        looks.append(lambda: _territory(user, kind, str(said.get("territory", "")), party))
    if party is not None:
        looks.append(lambda: _refuse_a_nameless(kind, said, party))
    for look in looks:
        try:
            look()
        except Invalid as invalid:
            refused |= invalid.fields
    return refused


def _refuse_a_nameless(kind: str, said: Snapshot, party: Party) -> None:
    names = {name: said[name] for name in NAMES if name in said}
    actions.refuse_a_nameless(party, drafts.read(names, kind, partial=True))


def change(user: User, party: Party, said: Snapshot) -> Party:
    """Change what was said anew of a party."""
    draft = _draft(user, party.kind, said, party)
    return actions.change_party(party, draft, by=user, version=party.version)


def _draft(user: User, kind: str, said: Snapshot, party: Party | None) -> Draft:
    draft = _read(user, kind, said, party)
    if "company" in said:
        draft.columns["company_id"] = _company(user, str(said["company"]), party)
    if "owner" in said:
        owner = colleague(str(said["owner"]))
        draft.columns["owner_id"] = owner.pk if owner else None
    if "territory" in said:
        draft.columns["pinned_territory_id"] = _territory(user, kind, str(said["territory"]), party)
    return draft


def _read(user: User, kind: str, said: Snapshot, party: Party | None) -> Draft:
    """What was said, apart from its links; Invalid by all that is wrong with it at once."""
    spoken, own = _parted(said)
    if spoken.get("annual_revenue"):
        spoken["annual_revenue"] = str(fmt.parse_number(str(spoken["annual_revenue"]), 2))
    refused: dict[str, Text] = {}
    if own:
        spoken["custom"], refused = _meant(kind, own, user)
    country = fmt.current().country
    try:
        draft = drafts.read(spoken, kind, country=country, partial=party is not None)
    except Invalid as invalid:
        raise Invalid({**invalid.fields, **refused}) from invalid
    if refused:
        raise Invalid(refused)
    refuse_unknown_links(draft, by=user, party=party)
    return draft


def _meant(kind: str, own: Snapshot, user: User) -> tuple[dict[str, Any], dict[str, Text]]:
    """By key what was typed in own fields, and by name what is wrong with the others."""
    found: dict[str, Any] = {}
    refused: dict[str, Text] = {}
    for one in defined(RESOURCES[PartyKind(kind)]).stored.values():
        try:
            found |= controls.all_meant([one], own, user)
        except Invalid as invalid:
            refused |= invalid.fields
    return found, refused


def _territory(user: User, kind: str, said: str, party: Party | None) -> int | None:
    try:
        return territory_for(said, PartyKind(kind), user, party)
    except Invalid as invalid:
        raise Invalid({"territory": invalid.fields[""]}) from invalid


def _parted(said: Snapshot) -> tuple[Snapshot, Snapshot]:
    """What the house reads itself, and what was typed for own fields."""
    own = {name: said[name] for name in said if name.startswith(OWN)}
    rest = (name for name in said if name not in LINKS and not name.startswith(OWN))
    return {name: said[name] for name in rest}, own


def _company(user: User, said: str, party: Party | None) -> int | None:
    """The key of the company; one that is named as new is added on the way."""
    if not said:
        return None
    if said.startswith("new:") and user.may("companies", "create"):
        named = drafts.read({"name": said.removeprefix("new:")}, PartyKind.ORGANISATION)
        return actions.add_party(named, by=user).pk
    company = company_for(user, said)
    if company is None or (party is not None and company.pk == party.pk):
        raise Invalid({"company_name": _("This company cannot be chosen.")})
    return company.pk
