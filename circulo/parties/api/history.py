"""The changes of a contact or a company over the API, field by field."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.parties.models import Party, PartyKind
from circulo.records.history import history_of
from circulo.records.rest.answers import answer
from circulo.records.rest.changes import LINE, line_shown
from circulo.records.rest.operations import Call, Operation, Parameter, offer
from circulo.records.rest.refusals import bad_parameter, not_found
from circulo.records.rest.schemas import page_of, text

CURSOR = Parameter("cursor", text(10), "`next` of the page before")


def show_history(kind: PartyKind, call: Call) -> HttpResponse:
    """Every field of a record: who changed it, when, from what, to what and through what."""
    key = ids.decode("party", call.ids[0]) or 0
    party = Party.objects.visible_to(call.user).filter(kind=kind, pk=key).first()
    if party is None:
        raise not_found(_("There is no such record."))
    return page_of_history(call, "party", party.pk)


def page_of_history(call: Call, kind: str, key: int) -> HttpResponse:
    """One page of the changes of a record that whoever calls is known to see."""
    cursor = call.parameters.get("cursor", "")
    if cursor and ids.decode("step", cursor) is None:
        raise bad_parameter("cursor", _("This is not a cursor of this list."))
    found = history_of(call.user, kind, key, cursor)
    items = [line_shown(line) for line in found.lines]
    return answer({"items": items, "next": found.next or None, "count": None})


def _offer(kind: PartyKind, name: str, thing: str) -> None:
    offer(
        Operation(
            "GET", f"{name}/{{id}}/history", partial(show_history, kind),
            f"The changes of a {thing}, newest first", gives=page_of(LINE),
            parameters=(CURSOR,),
        )
    )  # fmt: skip


_offer(PartyKind.PERSON, "contacts", "contact")
_offer(PartyKind.ORGANISATION, "companies", "company")
