"""Every role against own, team's and others' records, through every way the API reads or writes."""

import json
from typing import Any

import pytest

from circulo.accounts.models import User
from circulo.accounts.rights import Reach, RoleName
from circulo.api.tests.calls import Program
from circulo.lib import ids
from circulo.parties import actions
from circulo.parties.models import Party
from circulo.testing.make import make_company, make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db
WITHIN = {
    Reach.NONE: set(),
    Reach.OWN: {"own"},
    Reach.TEAM: {"own", "team"},
    Reach.ALL: {"own", "team", "other", "nobody"},
}


@pytest.mark.parametrize("resource", ["contacts", "companies"])
@pytest.mark.parametrize("role", RoleName, ids=lambda role: role.value)
def test_nobody_reaches_further_than_their_role(role: RoleName, resource: str):
    program, people = _world(role)
    make = {"contacts": make_contact, "companies": make_company}[resource]
    records = {whose: _record(make, owner, whose) for whose, owner in people.items()}
    user = program.user
    seen, edited, deleted = (
        WITHIN[user.reach(resource, act)] for act in ("view", "edit", "delete")
    )

    _lists_show_only(program, resource, {records[whose].public_id for whose in seen})
    for whose, party in records.items():
        _reads(program, resource, party, is_seen=whose in seen)
        where = f"{resource}/{party.public_id}"
        changed = program.patch(where, {"source": "Feria"}).status_code
        assert changed == _expected(whose, seen, edited, 200), (whose, "change")
        binned = program.delete(where).status_code
        assert binned == _expected(whose, seen, deleted, 204), (whose, "bin")
        restored = program.post(f"{where}/restore").status_code
        assert restored == (200 if whose in seen & deleted else 404), (whose, "restore")
        party.refresh_from_db()
        assert party.binned_at is None
        assert (party.source == "Feria") is (whose in seen & edited)


def _world(role: RoleName) -> tuple[Program, dict[str, User | None]]:
    team = make_team()
    program = Program(make_user(role, team=team))
    mate = make_user("seller", team=make_team(parent=team))
    other = make_user("seller", team=make_team())
    return program, {"own": program.user, "team": mate, "other": other, "nobody": None}


def _record(make: Any, owner: User | None, whose: str) -> Party:
    """A record with all that hangs on it: an interaction, a relationship, a search word."""
    party: Party = make(owner=owner, tags=[whose], emails=[f"{whose}@quimera.example"])
    actions.relate(party, "related", make_contact(owner=owner), by=owner or make_user())
    make_interaction(party=party, by=owner, subject="quimera")
    return party


def _lists_show_only(program: Program, resource: str, seen: set[str]) -> None:
    tagged = {"any": [{"field": "tags", "op": "is", "value": tag} for tag in WITHIN[Reach.ALL]]}
    for parameters in ({"q": "quimera"}, {"filter": json.dumps(tagged)}):
        said = program.get(resource, **parameters).json()
        assert {row["id"] for row in said["items"]} == seen
        assert said["count"] == len(seen)
    told = program.get("interactions", limit=200).json()
    assert {row["party"] for row in told["items"]} == seen
    assert told["count"] == len(seen)
    if resource == "contacts":
        ties = program.get("relationships", limit=200).json()
        assert {row["party"] for row in ties["items"]} == seen


def _reads(program: Program, resource: str, party: Party, *, is_seen: bool) -> None:
    status = 200 if is_seen else 404
    told, tie = party.interactions.get(), party.relationships.get()
    for path in (
        f"{resource}/{party.public_id}",
        f"{resource}/{party.public_id}/overview",
        f"{resource}/{party.public_id}/attachments",
        f"interactions/{told.public_id}",
    ):
        assert program.get(path).status_code == status, path
    if resource == "contacts":
        where = f"relationships/{ids.encode('relationship', tie.pk)}"
        assert program.get(where).status_code == status


def _expected(whose: str, seen: set[str], allowed: set[str], good: int) -> int:
    """404 for what is not seen, 403 for what is seen but may not be touched."""
    if whose not in seen:
        return 404
    return good if whose in allowed else 403
