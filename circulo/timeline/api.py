"""What happened, over the API: read, and recorded; never edited."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid
from circulo.lib.text import clean
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen
from circulo.records.resources import resources
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, one
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import (
    Schema,
    anything,
    choice,
    component,
    flag,
    identifier,
    moment,
    nullable,
    page_of,
    record,
    text,
)
from circulo.timeline import actions
from circulo.timeline.actions import MOST_BODY, MOST_SUBJECT, Telling
from circulo.timeline.kinds import CHANNELS, LOOKS, Kind
from circulo.timeline.models import Interaction
from circulo.timeline.told import interactions_shown

VERSION = etag_of(1)
_TOLD: dict[str, Schema] = {
    "party": identifier("contact or company"),
    "kind": choice([kind.value for kind in Kind]),
    "channel": choice(CHANNELS),
    "direction": choice(Interaction.Direction.values),
    "occurred_at": moment(),
    "subject": text(MOST_SUBJECT),
    "body": text(MOST_BODY),
    "data": anything(),
    "is_private": flag(description="Seen by nobody but its author"),
}
_ABOUT = nullable(record({"kind": text(30), "id": text(10)}, required=["kind", "id"]))
INTERACTION = component(
    "Interaction",
    record(
        {"id": identifier("interaction")}
        | _TOLD
        | {
            "party_name": text(),
            "by": nullable(identifier("user")),
            "by_name": nullable(text()),
            "about": _ABOUT,
            "recorded_at": moment(),
        },
        required=["id", "party", "kind", "occurred_at"],
    ),
)
_SENT = _TOLD | {
    "about": _ABOUT,
    "by": nullable(identifier("user", description="The token's user, and nobody else")),
}
INTERACTION_IN = component("InteractionToSend", record(_SENT, required=["party", "kind"]))


def list_interactions(call: Call) -> HttpResponse:
    """One page of what happened with the parties that this person sees, the latest first."""
    return lists.page(call, "interactions", interactions_shown, by_key=True)


def show_interaction(call: Call) -> HttpResponse:
    """One interaction."""
    found = interactions_shown(call.user, [ids.decode("interaction", call.ids[0]) or 0])
    if not found:
        raise not_found(_("There is no such record."))
    return one(call.request, found[0], VERSION)


def record_interaction(call: Call) -> HttpResponse:
    """Record what happened with a party, in the name of the token's user."""
    if not call.user.right("interactions").create:
        raise forbidden(_("You may not add records of this kind."))
    said = reading.known(call.said, _SENT)
    with reading.collecting() as take:
        take("by", _refuse_others, said.pop("by", None), call.user)
        about = take("about", _about, said.pop("about", None), call.user)
        party = take("party", _party, said.pop("party", None), call.user)
        kind = take("kind", _kind, said.pop("kind", None))
        telling = {name: take(name, READERS[name], value) for name, value in said.items()}
    made = actions.record(kind, party=party, by=call.user, telling=Telling(**telling, about=about))
    (told,) = interactions_shown(call.user, [made.pk])
    return answer(told, status=201, etag=VERSION, location=f"interactions/{told['id']}")


def _subject(value: Any) -> str:
    return clean(reading.word(value), limit=MOST_SUBJECT)


def _body(value: Any) -> str:
    return clean(reading.word(value), limit=MOST_BODY, lines=True)


READERS: dict[str, Any] = {
    "subject": _subject, "body": _body, "channel": reading.word, "direction": reading.word,
    "occurred_at": reading.moment, "data": reading.anything, "is_private": reading.flag,
}  # fmt: skip


def _kind(value: Any) -> Kind:
    if isinstance(value, str) and value in LOOKS and LOOKS[Kind(value)].is_logged_by_hand:
        return Kind(value)
    by_hand = [kind.value for kind, look in LOOKS.items() if look.is_logged_by_hand]
    raise Invalid({"": _("Choose one of: %s.") % ", ".join(by_hand)})


def _party(value: Any, user: User) -> Party:
    if value in (None, ""):
        raise Invalid({"": _("This is needed.")})
    party = party_seen(user, ids.decode("party", value) if isinstance(value, str) else None)
    if party is None:
        raise Invalid({"": _("There is no such record.")})
    return party


def _refuse_others(value: Any, user: User) -> None:
    if value not in (None, user.opaque):
        raise Invalid(
            {"": _("What happens is recorded in the name of whoever calls: use their token.")}
        )


def _about(value: Any, user: User) -> Model | None:
    """The record that it is about, as far as the person sees it."""
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != {"kind", "id"}:
        raise Invalid({"": _("This has a kind, such as deal, and the id of a record.")})
    kind, key = value["kind"], ids.key_of(str(value["kind"]), value["id"])
    alike = [one for one in resources().values() if one.model and _kind_of(one.model) == kind]
    found = (one.visible(user).filter(pk=key).first() for one in alike if key)
    about: Model | None = next((record for record in found if record is not None), None)
    if about is None:
        raise Invalid({"": _("There is no such record.")})
    return about


def _kind_of(model: type[Model]) -> str:
    return model._meta.model_name or ""


offer(
    Operation("GET", "interactions", list_interactions, "List interactions",
              gives=page_of(INTERACTION), parameters=lists.PAGES),
    Operation("POST", "interactions", record_interaction, "Record an interaction",
              takes=INTERACTION_IN, gives=INTERACTION, status=201),
    Operation("GET", "interactions/{id}", show_interaction, "Get an interaction",
              gives=INTERACTION),
)  # fmt: skip
