"""Deals over the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import Invalid, Stale, Text
from circulo.parties.api.history import CURSOR, page_of_history
from circulo.records.rest import lists, reading
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.changes import LINE
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import Refused, forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older
from circulo.sales import actions, drafts, ends, schemas, shown
from circulo.sales.actions.closing import MOST_NAME, MOST_NOTE
from circulo.sales.models import Deal
from circulo.sales.selectors.deals import may_do, seen_deal, stage_called


def list_deals(call: Call) -> HttpResponse:
    """One page of the deals that this person sees."""
    if not call.user.may("deals", "view"):
        raise forbidden(_("Your role does not allow this."))
    return lists.page(call, "deals", shown.deals_shown, by_key=True)


def show_deal(call: Call) -> HttpResponse:
    """One deal with its version."""
    deal = seen(call)
    return one(call.request, told(call.user, deal.pk), etag_of(deal.version))


def add_deal(call: Call) -> HttpResponse:
    """Add a deal; whoever adds it owns it unless said otherwise."""
    if not call.user.right("deals").create:
        raise forbidden(_("You may not add records of this kind."))
    deal = actions.add_deal_with_end(*_read(call), by=call.user)
    said = told(call.user, deal.pk)
    where = f"deals/{deal.public_id}"
    return answer(said, status=201, etag=etag_of(deal.version), location=where)


def change_deal(call: Call) -> HttpResponse:
    """Change what the body names; with If-Match only where nobody saved a newer version."""
    deal = seen(call, act="edit")
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    draft, end = _read(call, deal)
    version = deal.version if call.versions else None
    try:
        actions.change_deal_with_end(deal, draft, end, by=call.user, version=version)
    except Stale:
        deal.refresh_from_db()
        refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
        raise
    return _answered(call.user, deal)


def bin_deal(call: Call) -> HttpResponse:
    """Move a deal to the bin."""
    deal = seen(call, act="delete")
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    actions.bin_deals([deal.pk], by=call.user)
    return nothing()


def restore_deal(call: Call) -> HttpResponse:
    """Take a deal out of the bin."""
    deal = seen_deal(call.user, call.ids[0], "restore")
    if deal is None:
        raise _unknown()
    actions.restore_deals([deal.pk], by=call.user)
    return _answered(call.user, deal)


def move_deal(call: Call) -> HttpResponse:
    """Put an open deal into a stage, before or after another one there; else last."""
    deal = seen(call, act="edit")
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    said = reading.known(call.said, ("stage", "before", "after"))
    stage = stage_called(reading.word(said.get("stage") or ""))
    if stage is None:
        raise Invalid({"stage": _("There is no such stage.")})
    with reading.collecting() as take:
        before = take("before", _neighbour, said.get("before"))
        after = take("after", _neighbour, said.get("after"))
    actions.move_deal(deal, to=stage, before=before, after=after, by=call.user)
    return _answered(call.user, deal)


def win_deal(call: Call) -> HttpResponse:
    """Close a deal as won; the timeline of its party is told."""
    deal = seen(call, act="edit")
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    actions.win_deal(deal, by=call.user, **_why(call, "reason", "note"))
    return _answered(call.user, deal)


def lose_deal(call: Call) -> HttpResponse:
    """Close a deal as lost, for a reason; the timeline of its party is told."""
    deal = seen(call, act="edit")
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    actions.lose_deal(deal, by=call.user, **_why(call, "reason", "note", "lost_to"))
    return _answered(call.user, deal)


def reopen_deal(call: Call) -> HttpResponse:
    """Open a deal again that is over, in the stage that it was in."""
    deal = seen(call, act="edit")
    refuse_older(call, deal.version, lambda: told(call.user, deal.pk))
    actions.reopen_deal(deal, by=call.user)
    return _answered(call.user, deal)


def list_people(call: Call) -> HttpResponse:
    """Who on the side of the customer has which part in a deal, as far as one sees them."""
    deal = seen(call)
    return answer({"items": told(call.user, deal.pk)["people"], "next": None, "count": None})


def show_history(call: Call) -> HttpResponse:
    """Every field of a deal: who changed it, when, from what, to what and through what."""
    return page_of_history(call, "deal", seen(call).pk)


def _read(call: Call, deal: Deal | None = None) -> tuple[drafts.Draft, dict[str, Any]]:
    """What the body says of a deal and of its end; Invalid with all that is wrong in both."""
    refused: dict[str, Text] = {}
    draft, end = drafts.Draft(), dict[str, Any]()
    rest = {name: value for name, value in call.said.items() if name not in ends.NAMES}
    try:
        draft = drafts.read(rest, by=call.user, deal=deal)
    except Invalid as invalid:
        refused |= invalid.fields
    try:
        end = ends.read_end(call.said, by=call.user)
    except Invalid as invalid:
        refused |= invalid.fields
    if refused:
        raise Invalid(refused)
    return draft, end


def _why(call: Call, *names: str) -> dict[str, Any]:
    """What is said of an end, of what can be said of it."""
    said = reading.known(call.said if call.body is not None else {}, names)
    with reading.collecting() as take:
        return {name: take(name, _WHY[name], said.get(name)) for name in names}


_WHY: dict[str, Any] = {
    "reason": ends.reason_said,
    "note": lambda value: reading.prose(value, MOST_NOTE),
    "lost_to": lambda value: reading.prose(value, MOST_NAME),
}


def _neighbour(value: Any) -> int | None:
    """The key of another deal; one that is not there counts for nothing."""
    return None if value is None else ids.decode("deal", reading.word(value))


def seen(call: Call, act: str = "view") -> Deal:
    """The deal of a call: 404 where it is not seen, 403 where it may not be touched."""
    deal = seen_deal(call.user, call.ids[0])
    if deal is None:
        raise _unknown()
    if act != "view" and not may_do(call.user, deal, act):
        raise forbidden(_("You may see this record, but not change it."))
    return deal


def told(user: User, key: int) -> dict[str, Any]:
    """The deal as it stands; whoever gave it out of their own sight learns its id alone."""
    found = shown.deals_shown(user, [key])
    return found[0] if found else {"id": ids.encode("deal", key)}


def _answered(user: User, deal: Deal) -> HttpResponse:
    said = told(user, deal.pk)
    return answer(said, etag=etag_of(said.get("version", deal.version + 1)))


def _unknown() -> Refused:
    return not_found(_("There is no such record."))


offer(
    Operation("GET", "deals", list_deals, "List deals", gives=page_of(schemas.DEAL),
              parameters=(lists.WORDS, lists.VIEW, *lists.PAGES)),
    Operation("POST", "deals", add_deal, "Add a deal", takes=schemas.DEAL_IN, gives=schemas.DEAL,
              status=201),
    Operation("GET", "deals/{id}", show_deal, "Get a deal", gives=schemas.DEAL),
    Operation("PATCH", "deals/{id}", change_deal, "Change a deal", takes=schemas.DEAL_CHANGE,
              gives=schemas.DEAL),
    Operation("DELETE", "deals/{id}", bin_deal, "Move a deal to the bin", status=204),
    Operation("POST", "deals/{id}/restore", restore_deal, "Take a deal out of the bin",
              gives=schemas.DEAL),
    Operation("POST", "deals/{id}/move", move_deal, "Move a deal to a stage and a place in it",
              takes=schemas.MOVE, gives=schemas.DEAL,
              more="Refused as `unready` where the deal lacks what the stage asks for."),
    Operation("POST", "deals/{id}/win", win_deal, "Close a deal as won", takes=schemas.WIN,
              gives=schemas.DEAL),
    Operation("POST", "deals/{id}/lose", lose_deal, "Close a deal as lost, for a reason",
              takes=schemas.LOSE, gives=schemas.DEAL),
    Operation("POST", "deals/{id}/reopen", reopen_deal, "Open a deal again",
              gives=schemas.DEAL),
    Operation("GET", "deals/{id}/people", list_people, "The people involved in a deal",
              gives=page_of(schemas.PERSON)),
    Operation("GET", "deals/{id}/history", show_history, "The changes of a deal, newest first",
              gives=page_of(LINE), parameters=(CURSOR,)),
)  # fmt: skip
