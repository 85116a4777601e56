"""Preferences over the API: what is known of whom, noted, ranked and withdrawn; never rewritten."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.needs import actions, answers, schemas
from circulo.needs.actions import Statement
from circulo.needs.answers import Said
from circulo.needs.api import common
from circulo.needs.certainty import HALF_LIFE, certainty
from circulo.needs.models import Preference
from circulo.needs.selectors.parties import preference_of
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, one, version_of
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older

SAID = ("party", "topic", "kind", "value", "text", "strength", "rank", "source", "said_at")
CHANGED = ("strength", "rank")


def list_preferences(call: Call) -> HttpResponse:
    """One page of what is known of the parties that this person sees, what was said last first."""
    seen = Preference.objects.visible_to(call.user).select_related("party", "topic", "by")
    return lists.page(call, "preferences", _shape, rows=seen)


def show_preference(call: Call) -> HttpResponse:
    """One thing that is or was known."""
    said = _shown(_found(call))
    return one(call.request, said, etag_of(_version(said)))


def note_preference(call: Call) -> HttpResponse:
    """Note what a party likes, dislikes, needs or prefers; what was said before is kept."""
    common.refuse_who_notes_none(call)
    statement = _statement(call, reading.known(call.said, SAID))
    return _told(actions.note_preference(statement, by=call.user), status=201)


def change_preference(call: Call) -> HttpResponse:
    """Change how strongly something is felt, or its rank; a new answer is noted, not changed."""
    preference = _found(call, "edit")
    now = _shown(preference)
    refuse_older(call, _version(now), lambda: now)
    said = reading.known(call.said, CHANGED)
    with reading.collecting() as take:
        values = {name: take(name, READERS[name], value) for name, value in said.items()}
    return _told(actions.weigh_preference(preference, values, by=call.user))


def withdraw_preference(call: Call) -> HttpResponse:
    """Say that something does not hold any more."""
    preference = _found(call, "delete")
    actions.withdraw_preference(preference, by=call.user)
    return _told(_found(call))


def restore_preference(call: Call) -> HttpResponse:
    """Take back that something was withdrawn."""
    return _told(actions.restore_preference(_found(call, "delete"), by=call.user))


def rank_first(call: Call) -> HttpResponse:
    """Put something before all else of its kind."""
    actions.rank_first(_found(call, "edit"), by=call.user)
    return _told(_found(call))


READERS: dict[str, Any] = {
    "kind": reading.word, "text": reading.word, "source": reading.word,
    "said_at": reading.moment, "strength": common.whole, "rank": common.whole_or_none,
}  # fmt: skip


def _statement(call: Call, said: dict[str, Any]) -> Statement:
    with reading.collecting() as take:
        party = take("party", common.party, said.pop("party", None), call.user)
        key = said.pop("topic", None)
        topic = take("topic", common.topic, key) if key is not None else None
        value = said.pop("value", None)
        text = take("text", reading.word, said.pop("text", ""))
        values = {name: take(name, READERS[name], told) for name, told in said.items()}
    with reading.collecting() as take:
        meant = take("value", answers.read, topic, value) if topic else Said(text=text)
    return Statement(party, topic, meant, sort=values.pop("kind", ""), **values)


def _found(call: Call, act: str = "view") -> Preference:
    found = preference_of(call.user, call.ids[0])
    if found is None:
        raise common.gone()
    if act != "view" and preference_of(call.user, call.ids[0], act) is None:
        raise forbidden(_("You may see this record, but not change it."))
    if act == "edit" and found.ended_at is not None:
        raise Invalid({"": _("This does not hold any more: something newer took its place.")})
    return found


def _told(preference: Preference, *, status: int = 200) -> HttpResponse:
    said = _shown(preference)
    where = f"preferences/{said['id']}" if status == 201 else ""
    return answer(said, status=status, etag=etag_of(_version(said)), location=where)


def _version(said: dict[str, Any]) -> str:
    """The version of what is kept: that it fades with time changes nothing that one may write."""
    return version_of({name: value for name, value in said.items() if name != "certainty"})


def _shape(_user: User, rows: list[Preference]) -> list[dict[str, Any]]:
    return [_shown(row) for row in rows]


def _shown(row: Preference) -> dict[str, Any]:
    topic, said = row.topic, Said.of(row)
    half_life = topic.half_life_days if topic else HALF_LIFE
    return {
        "id": row.public_id,
        "party": ids.encode("party", row.party_id),
        "party_name": row.party.name,
        "topic": topic.key if topic else None,
        "kind": row.sort,
        "value": answers.valued(topic, said),
        "text": row.text,
        "words": answers.told(topic, said),
        "strength": row.strength,
        "rank": row.rank,
        "source": row.source,
        "said_at": row.said_at,
        "certainty": round(certainty(row.said_at, half_life, timezone.now()), 2),
        "by": ids.encode("user", row.by_id) if row.by_id else None,
        "by_name": row.by.name if row.by else None,
        "noted_at": row.noted_at,
        "ended_at": row.ended_at,
        "superseded_by": ids.encode("preference", row.successor_id) if row.successor_id else None,
    }


offer(
    Operation("GET", "preferences", list_preferences, "List preferences",
              gives=page_of(schemas.PREFERENCE), parameters=lists.PAGES),
    Operation("POST", "preferences", note_preference, "Note a preference",
              takes=schemas.PREFERENCE_IN, gives=schemas.PREFERENCE, status=201),
    Operation("GET", "preferences/{id}", show_preference, "Get a preference",
              gives=schemas.PREFERENCE),
    Operation("PATCH", "preferences/{id}", change_preference, "Weigh a preference anew",
              takes=schemas.PREFERENCE_CHANGE, gives=schemas.PREFERENCE),
    Operation("POST", "preferences/{id}/withdraw", withdraw_preference, "Withdraw a preference",
              gives=schemas.PREFERENCE),
    Operation("POST", "preferences/{id}/restore", restore_preference, "Take back a withdrawal",
              gives=schemas.PREFERENCE),
    Operation("POST", "preferences/{id}/first", rank_first, "Put a preference first",
              gives=schemas.PREFERENCE),
)  # fmt: skip
