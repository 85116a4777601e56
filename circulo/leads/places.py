"""In which territory leads lie, and who works there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from circulo.accounts import prepared
from circulo.accounts.models import Territory
from circulo.accounts.models.territories import TerritoryMember
from circulo.accounts.territory_tree import tree
from circulo.leads.drafts import NAMES, home_country
from circulo.leads.models import Lead
from circulo.parties.models import Party, PartyKind
from circulo.parties.would_be import Stranger, places_of

_SAID = (*NAMES, "company", "job_title", "email", "phone", "postal_code", "city", "region",
         "country", "language", "source")  # fmt: skip
# Somebody who may get a lead, and their team.
Worker = tuple[int, int | None]


def territories_of(keys: Sequence[int]) -> dict[int, int | None]:
    """The territory of each of these leads: that of the contact or the company it is known to be,
    else the one that the rules give whom it would become. None where it lies in none."""
    found: dict[int, int | None] = {}
    strangers: dict[int, Stranger] = {}
    for key, of_contact, of_company, *said in _known().run({prepared.KEYS: list(keys)}):
        found[key] = of_contact or of_company
        if found[key] is None:
            strangers[key] = _would_become(dict(zip(_SAID, said, strict=True)))
    if strangers:
        found |= zip(strangers, places_of(list(strangers.values())), strict=True)
    return found


def workers_of(territory: int) -> list[list[Worker]]:
    """Who works where a territory is, nearest first: its members, its manager, then those of what
    it lies in; only who is here still, and each person once."""
    one = tree().by_key.get(territory)
    around = [int(key) for key in reversed(one.path.split("/")) if key] if one else []
    said = {prepared.KEYS: around}
    members = prepared.once("who works in territories", _members).run(said)
    managers = prepared.once("who manages territories", _managers).run(said)
    found, met = [], set[int]()
    for place in around:
        for rows in (members, managers):
            group = [(user, team) for at, user, team in rows if at == place and user not in met]
            met.update(user for user, _team in group)
            found.append(group)
    return [group for group in found if group]


def _members() -> QuerySet[TerritoryMember, Any]:
    rows = TerritoryMember.objects.filter(territory__in=prepared.among_keys(), user__is_active=True)
    return rows.order_by("user_id").values_list("territory_id", "user_id", "user__team_id")


def _managers() -> QuerySet[Territory, Any]:
    rows = Territory.objects.filter(pk__in=prepared.among_keys(), manager__is_active=True)
    return rows.order_by().values_list("pk", "manager_id", "manager__team_id")


def _known() -> prepared.Statement:
    return prepared.once("where leads lie", _places)


def _places() -> QuerySet[Lead, Any]:
    rows = Lead.objects.filter(pk__in=prepared.among_keys())
    return rows.values_list("pk", "party__territory_id", "company_party__territory_id", *_SAID)


def _would_become(said: dict[str, str]) -> Stranger:
    """The company that a lead names, else the person: a contact lies where their company does. A
    place without a country is one in the country of the house."""
    address = {name: said[name] for name in ("postal_code", "city", "region")}
    if any(address.values()) or said["country"]:
        address["country"] = said["country"] or home_country()
    columns: dict[str, Any] = {"source": said["source"], "lifecycle": Party.Lifecycle.PROSPECT}
    if said["company"]:
        columns["trade_name"] = said["company"]
        return Stranger(PartyKind.ORGANISATION, columns, address)
    columns |= {name: said[name] for name in (*NAMES, "job_title", "language")}
    points = (("email", said["email"]), ("phone", said["phone"]))
    return Stranger(PartyKind.PERSON, columns, address, points)
