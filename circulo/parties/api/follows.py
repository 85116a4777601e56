"""Following contacts and companies over the API, in the name of the token's user."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse

from circulo.parties import actions
from circulo.parties.api.parties import seen_by
from circulo.parties.models import RESOURCES, Party, PartyKind
from circulo.parties.selectors import people_following
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.schemas import component, identifier, list_of, record, text

FOLLOWERS = component(
    "Followers",
    record(
        {
            "id": identifier("contact or company"),
            "followers": list_of(
                record({"id": identifier("user"), "name": text()}, required=["id", "name"])
            ),
        },
        required=["id", "followers"],
    ),
)


def follow_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Be told what others do with a party."""
    party = seen_by(kind, call)
    actions.follow_party(party, by=call.user)
    return _followers(party)


def unfollow_party(kind: PartyKind, call: Call) -> HttpResponse:
    """Be told no more of a party."""
    party = seen_by(kind, call)
    actions.unfollow_party(party, by=call.user)
    return _followers(party)


def _followers(party: Party) -> HttpResponse:
    return answer({"id": party.public_id, "followers": people_following(party)})


def _offer(kind: PartyKind, thing: str) -> None:
    def operation(
        verb: str, act: Callable[[PartyKind, Call], HttpResponse], about: str
    ) -> Operation:
        path = f"{RESOURCES[kind]}/{{id}}/{verb}"
        return Operation("POST", path, partial(act, kind), about, gives=FOLLOWERS)

    offer(
        operation("follow", follow_party, f"Follow a {thing}"),
        operation("unfollow", unfollow_party, f"Follow a {thing} no more"),
    )


_offer(PartyKind.PERSON, "contact")
_offer(PartyKind.ORGANISATION, "company")
