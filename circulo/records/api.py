"""Users and teams over the API: everyone who works here may read who works here."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import Team, User
from circulo.accounts.rights import RoleName
from circulo.lib import ids
from circulo.records.resources import resource
from circulo.records.rest import lists
from circulo.records.rest.answers import etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import not_found
from circulo.records.rest.schemas import (
    choice,
    component,
    flag,
    identifier,
    nullable,
    page_of,
    record,
    text,
)

USER = component(
    "User",
    record(
        {
            "id": identifier("user"),
            "name": text(150),
            "email": text(254),
            "role": choice([role.value for role in RoleName]),
            "team": nullable(identifier("team")),
            "team_name": nullable(text()),
            "language": text(5),
            "region": text(10),
            "time_zone": text(50),
            "is_active": flag(),
        },
        required=["id", "name", "email", "role"],
    ),
)
TEAM = component(
    "Team",
    record(
        {
            "id": identifier("team"),
            "name": text(100),
            "parent": nullable(identifier("team")),
        },
        required=["id", "name", "parent"],
    ),
)


def list_users(call: Call) -> HttpResponse:
    """One page of the people who work here."""
    return lists.page(call, "users", lambda _user, rows: [_person(row) for row in rows])


def show_user(call: Call) -> HttpResponse:
    """One person who works here; `me` is the one whose token this is."""
    me = ids.encode("user", call.user.pk)
    return _one(call, "users", me if call.ids[0] == "me" else call.ids[0], _person)


def list_teams(call: Call) -> HttpResponse:
    """One page of the teams."""
    return lists.page(call, "teams", lambda _user, rows: [_team(row) for row in rows])


def show_team(call: Call) -> HttpResponse:
    """One team."""
    return _one(call, "teams", call.ids[0], _team)


def _one(call: Call, name: str, identifier: str, shape: Any) -> HttpResponse:
    key = ids.decode(name.removesuffix("s"), identifier) or 0
    row = resource(name).visible(call.user).filter(pk=key).first()
    if row is None:
        raise not_found(_("There is no such record."))
    said = shape(row)
    return one(call.request, said, etag_of(version_of(said)))


def _person(user: User) -> dict[str, Any]:
    return {
        "id": ids.encode("user", user.pk),
        "name": user.name,
        "email": user.email,
        "role": user.role_id,
        "team": ids.encode("team", user.team_id) if user.team_id else None,
        "team_name": user.team.name if user.team else None,
        "language": user.language,
        "region": user.region,
        "time_zone": user.time_zone,
        "is_active": user.is_active,
    }


def _team(team: Team) -> dict[str, Any]:
    return {
        "id": ids.encode("team", team.pk),
        "name": team.name,
        "parent": ids.encode("team", team.parent_id) if team.parent_id else None,
    }


_PEOPLE = (lists.WORDS, *lists.PAGES)
offer(
    Operation("GET", "users", list_users, "List users", gives=page_of(USER), parameters=_PEOPLE),
    Operation("GET", "users/{id}", show_user, "Get a user", gives=USER),
    Operation("GET", "teams", list_teams, "List teams", gives=page_of(TEAM),
              parameters=lists.PAGES),
    Operation("GET", "teams/{id}", show_team, "Get a team", gives=TEAM),
)  # fmt: skip
