"""Relationships over the API: what one party is to another, and from when to when."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.lib.text import clean
from circulo.parties import actions, schemas
from circulo.parties.models import Party, Relationship
from circulo.parties.selectors import party_seen
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older

CHANGED = ("role", "since", "until")


def list_relationships(call: Call) -> HttpResponse:
    """One page of the relationships between parties that this person sees."""
    seen = Relationship.objects.visible_to(call.user).select_related("party", "other")
    return lists.page(call, "relationships", _shape, rows=seen)


def show_relationship(call: Call) -> HttpResponse:
    """One relationship."""
    said = _shown(_seen(call))
    return one(call.request, said, etag_of(version_of(said)))


def relate(call: Call) -> HttpResponse:
    """Say what one party is to another."""
    said = reading.known(call.said, (*CHANGED[:2], "party", "kind", "other"))
    with reading.collecting() as take:
        party = take("party", _party, said.get("party"), call.user)
        other = take("other", _party, said.get("other"), call.user)
        kind = take("kind", reading.word, said.get("kind"))
        values = {name: take(name, READERS[name], said.get(name)) for name in CHANGED[:2]}
    if not Party.objects.visible_to(call.user, "edit").filter(pk=party.pk).exists():
        raise forbidden(_("You may see this record, but not change it."))
    made = actions.relate(
        party, kind, other, by=call.user, role=values["role"], since=values["since"]
    )
    return _told(call, made, status=201)


def change_relationship(call: Call) -> HttpResponse:
    """Change the role or the days of a relationship."""
    tie = _seen(call, act="edit")
    now = _shown(tie)
    refuse_older(call, version_of(now), lambda: now, CHANGED)
    said = reading.known(call.said, CHANGED)
    with reading.collecting() as take:
        values = {name: take(name, READERS[name], value) for name, value in said.items()}
    return _told(call, actions.change_relationship(tie, values, by=call.user))


def end_relationship(call: Call) -> HttpResponse:
    """End a relationship, today unless the body says when."""
    tie = _seen(call, act="edit")
    said = reading.known(call.said, ("until",))
    with reading.collecting() as take:
        until = take("until", reading.day, said.get("until"))
    return _told(call, actions.end_relationship(tie, by=call.user, until=until))


def drop_relationship(call: Call) -> HttpResponse:
    """End a relationship today; it stays in the history."""
    tie = _seen(call, act="edit")
    refuse_older(call, version_of(_shown(tie)), lambda: _shown(tie))
    actions.end_relationship(tie, by=call.user)
    return nothing()


def _role(value: Any) -> str:
    return clean(reading.word(value or ""), limit=120)


READERS: dict[str, Any] = {"role": _role, "since": reading.day, "until": reading.day}


def _party(value: Any, user: User) -> Party:
    key = ids.decode("party", value) if isinstance(value, str) else None
    party = party_seen(user, key)
    if party is None:
        raise Invalid({"": _("There is no such record.")})
    return party


def _seen(call: Call, act: str = "view") -> Relationship:
    key = ids.decode("relationship", call.ids[0]) or 0
    seen = Relationship.objects.visible_to(call.user).select_related("party", "other")
    tie = seen.filter(pk=key).first()
    if tie is None:
        raise not_found(_("There is no such record."))
    if (
        act != "view"
        and not Relationship.objects.visible_to(call.user, act).filter(pk=key).exists()
    ):
        raise forbidden(_("You may see this record, but not change it."))
    return tie


def _told(call: Call, tie: Relationship, *, status: int = 200) -> HttpResponse:
    said = _shown(tie)
    where = f"relationships/{said['id']}" if status == 201 else ""
    return answer(said, status=status, etag=etag_of(version_of(said)), location=where)


def _shape(_user: User, rows: list[Relationship]) -> list[dict[str, Any]]:
    return [_shown(row) for row in rows]


def _shown(tie: Relationship) -> dict[str, Any]:
    return {
        "id": ids.encode("relationship", tie.pk),
        "party": ids.encode("party", tie.party_id),
        "party_name": tie.party.name,
        "kind": tie.kind,
        "other": ids.encode("party", tie.other_id),
        "other_name": tie.other.name,
        "role": tie.role,
        "since": tie.since,
        "until": tie.until,
        "created_at": tie.created_at,
    }


offer(
    Operation("GET", "relationships", list_relationships, "List relationships",
              gives=page_of(schemas.RELATIONSHIP), parameters=lists.PAGES),
    Operation("POST", "relationships", relate, "Relate two parties",
              takes=schemas.RELATIONSHIP_IN, gives=schemas.RELATIONSHIP, status=201),
    Operation("GET", "relationships/{id}", show_relationship, "Get a relationship",
              gives=schemas.RELATIONSHIP),
    Operation("PATCH", "relationships/{id}", change_relationship, "Change a relationship",
              takes=schemas.RELATIONSHIP_CHANGE, gives=schemas.RELATIONSHIP),
    Operation("POST", "relationships/{id}/end", end_relationship, "End a relationship",
              takes=schemas.END, gives=schemas.RELATIONSHIP),
    Operation("DELETE", "relationships/{id}", drop_relationship, "End a relationship today",
              status=204),
)  # fmt: skip
