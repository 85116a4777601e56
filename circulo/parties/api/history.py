"""The changes of a contact or a company over the API, field by field."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import ids
from circulo.parties.models import Party, PartyKind
from circulo.records.history import Line, history_of
from circulo.records.models import ChangeSet
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, Parameter, offer
from circulo.records.rest.refusals import bad_parameter, not_found
from circulo.records.rest.schemas import (
    choice,
    component,
    identifier,
    moment,
    nullable,
    page_of,
    record,
    text,
)

LINE = component(
    "Change",
    record(
        {
            "at": moment(),
            "by": nullable(identifier("user")),
            "through": text(10),
            "change_set": identifier("change set"),
            "kind": choice(ChangeSet.Kind.values, description="What the change set is"),
            "thing": text(30, description="`party`, or what belongs to it: `point`, `address` …"),
            "act": choice(["added", "changed", "deleted", "moved"]),
            "field": nullable(text(120)),
            "label": text(),
            "from": nullable(text(description="As people read it")),
            "to": nullable(text(description="As people read it")),
        },
        required=["at", "change_set", "act"],
    ),
)
CURSOR = Parameter("cursor", text(10), "`next` of the page before")
ACTS = {"i": "added", "u": "changed", "d": "deleted"}


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
    items = [_shown(line) for line in found.lines]
    return answer({"items": items, "next": found.next or None, "count": None})


def _shown(line: Line) -> dict[str, Any]:
    change_set = line.change_set
    return {
        "at": line.at,
        "by": ids.encode("user", change_set.by_id) if change_set.by_id else None,
        "through": change_set.through,
        "change_set": change_set.public_id,
        "kind": change_set.kind,
        "thing": line.kind,
        "act": "moved" if line.is_move else ACTS[line.op],
        "field": line.column or None,
        "label": line.label,
        "from": line.before or None,
        "to": line.after or None,
    }


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
