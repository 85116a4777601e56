"""Users and teams over the API: everyone may read who works here, administrators change it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts import actions
from circulo.accounts.models import Team, User
from circulo.accounts.rights import RoleName
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.lib.text import clean
from circulo.records.resources import resource
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
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
from circulo.records.rest.versions import refuse_older

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
_USER_SENT = {
    "email": text(254),
    "name": text(150),
    "role": choice([role.value for role in RoleName]),
    "team": nullable(identifier("team")),
}
USER_IN = component("UserToSend", record(_USER_SENT, required=["email", "role"]))
USER_CHANGE = component("UserChange", record(_USER_SENT | {"is_active": flag()}))
_TEAM_SENT = {"name": text(100), "parent": nullable(identifier("team"))}
TEAM_IN = component("TeamToSend", record(_TEAM_SENT, required=["name"]))
TEAM_CHANGE = component("TeamChange", record(_TEAM_SENT))
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
    return _one(call, "users", call.ids[0], _person)


def list_teams(call: Call) -> HttpResponse:
    """One page of the teams."""
    return lists.page(call, "teams", lambda _user, rows: [_team(row) for row in rows])


def show_team(call: Call) -> HttpResponse:
    """One team."""
    return _one(call, "teams", call.ids[0], _team)


def add_user(call: Call) -> HttpResponse:
    """Add a person who works here, who chooses a password by a one-time link."""
    _refuse_all_but_administrators(call)
    said = reading.known(call.said, _USER_SENT)
    with reading.collecting() as take:
        values = {name: take(name, READERS[name], call, value) for name, value in said.items()}
    missing = [name for name in ("email", "role") if not values.get(name)]
    if missing:
        raise Invalid(dict.fromkeys(missing, _("This is needed.")))
    made = actions.add_user(
        values["email"],
        name=values.get("name", ""),
        role=values["role"],
        team=values.get("team"),
        by=call.user,
    )
    return _told(_person(made), status=201, where="users")


def change_user(call: Call) -> HttpResponse:
    """Change who somebody is here, or whether they may log in."""
    _refuse_all_but_administrators(call)
    user = _found(call, "users", call.ids[0])
    _refuse_older(call, _person(user))
    said = reading.known(call.said, (*_USER_SENT, "is_active"))
    with reading.collecting() as take:
        values = {name: take(name, READERS[name], call, value) for name, value in said.items()}
    if "role" in values:
        values["role_id"] = values.pop("role")
    return _told(_person(actions.change_user(user, values, by=call.user)))


def deactivate_user(call: Call) -> HttpResponse:
    """Let somebody in no more; what they did stays. Somebody stays administrator."""
    _refuse_all_but_administrators(call)
    user = _found(call, "users", call.ids[0])
    _refuse_older(call, _person(user))
    actions.change_user(user, {"is_active": False}, by=call.user)
    return nothing()


def add_team(call: Call) -> HttpResponse:
    """Add a team."""
    _refuse_all_but_administrators(call)
    said = reading.known(call.said, _TEAM_SENT)
    with reading.collecting() as take:
        name = take("name", _name, call, said.get("name"))
        parent = take("parent", _team_of, call, said.get("parent"))
    return _told(_team(actions.add_team(name, parent=parent, by=call.user)), status=201,
                 where="teams")  # fmt: skip


def change_team(call: Call) -> HttpResponse:
    """Give a team another name or another place."""
    _refuse_all_but_administrators(call)
    team = _found(call, "teams", call.ids[0])
    _refuse_older(call, _team(team))
    said = reading.known(call.said, _TEAM_SENT)
    with reading.collecting() as take:
        name = take("name", _name, call, said.get("name", team.name))
        parent = take("parent", _team_of, call, said["parent"]) if "parent" in said else team.parent
    return _told(_team(actions.change_team(team, name, below=parent, by=call.user)))


def remove_team(call: Call) -> HttpResponse:
    """Take away a team that nobody and nothing belongs to."""
    _refuse_all_but_administrators(call)
    team = _found(call, "teams", call.ids[0])
    _refuse_older(call, _team(team))
    actions.remove_team(team, by=call.user)
    return nothing()


def _name(_call: Call, value: Any) -> str:
    name = clean(reading.word(value), limit=100)
    if not name:
        raise Invalid({"": _("A name is needed.")})
    return name


def _word(_call: Call, value: Any) -> str:
    return clean(reading.word(value), limit=254)


def _role(_call: Call, value: Any) -> str:
    if value not in list(RoleName):
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(RoleName)})
    return str(value)


def _team_of(call: Call, value: Any) -> Team | None:
    if value is None:
        return None
    key = ids.decode("team", value) if isinstance(value, str) else None
    team: Team | None = resource("teams").visible(call.user).filter(pk=key or 0).first()
    if team is None:
        raise Invalid({"": _("There is no such record.")})
    return team


def _flag(_call: Call, value: Any) -> bool:
    return reading.flag(value)


READERS: dict[str, Any] = {
    "email": _word, "name": _name, "role": _role, "team": _team_of, "is_active": _flag,
}  # fmt: skip


def _refuse_all_but_administrators(call: Call) -> None:
    if not call.user.is_admin:
        raise forbidden(_("Only administrators change who works here."))


def _refuse_older(call: Call, now: dict[str, Any]) -> None:
    refuse_older(call, version_of(now), lambda: now)


def _told(said: dict[str, Any], *, status: int = 200, where: str = "") -> HttpResponse:
    location = f"{where}/{said['id']}" if where else ""
    return answer(said, status=status, etag=etag_of(version_of(said)), location=location)


def _one(call: Call, name: str, identifier: str, shape: Any) -> HttpResponse:
    said = shape(_found(call, name, identifier))
    return one(call.request, said, etag_of(version_of(said)))


def _found(call: Call, name: str, identifier: str) -> Any:
    key = ids.decode(name.removesuffix("s"), identifier) or 0
    if (name, identifier) == ("users", "me"):
        key = call.user.pk
    row = resource(name).visible(call.user).filter(pk=key).first()
    if row is None:
        raise not_found(_("There is no such record."))
    return row


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
    Operation("POST", "users", add_user, "Add a user", takes=USER_IN, gives=USER, status=201),
    Operation("PATCH", "users/{id}", change_user, "Change a user", takes=USER_CHANGE, gives=USER),
    Operation("DELETE", "users/{id}", deactivate_user, "Let a user in no more", status=204),
    Operation("GET", "teams", list_teams, "List teams", gives=page_of(TEAM),
              parameters=lists.PAGES),
    Operation("GET", "teams/{id}", show_team, "Get a team", gives=TEAM),
    Operation("POST", "teams", add_team, "Add a team", takes=TEAM_IN, gives=TEAM, status=201),
    Operation("PATCH", "teams/{id}", change_team, "Change a team", takes=TEAM_CHANGE, gives=TEAM),
    Operation("DELETE", "teams/{id}", remove_team, "Remove a team that nothing belongs to",
              status=204),
)  # fmt: skip
