"""Quotes over the API: listed, read, written."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Stale
from circulo.parties.api.history import CURSOR, page_of_history
from circulo.quotes import actions, drafts, schemas
from circulo.quotes.api.finding import answered, seen, told
from circulo.quotes.models import Quote
from circulo.quotes.shown import quotes_shown
from circulo.records.rest import lists
from circulo.records.rest.answers import answer, etag_of, nothing, one
from circulo.records.rest.changes import LINE
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found
from circulo.records.rest.schemas import page_of
from circulo.records.rest.versions import refuse_older
from circulo.sales.selectors.deals import seen_deal


def list_quotes(call: Call) -> HttpResponse:
    """One page of the quotes that this person sees."""
    if not call.user.may("quotes", "view"):
        raise forbidden(_("Your role does not allow this."))
    return lists.page(call, "quotes", quotes_shown, by_key=True)


def show_quote(call: Call) -> HttpResponse:
    """One quote with its lines, approvals and answers."""
    quote = seen(call)
    return one(call.request, told(call.user, quote.pk), etag_of(quote.version))


def add_quote(call: Call) -> HttpResponse:
    """Begin a quote; whoever does owns it unless said otherwise."""
    _refuse_who_makes_none(call)
    return _made(call.user, actions.add_quote(drafts.read(call.said, by=call.user), by=call.user))


def quote_deal(call: Call) -> HttpResponse:
    """Begin a quote of what a deal is about."""
    deal = seen_deal(call.user, call.ids[0])
    if deal is None:
        raise not_found(_("There is no such record."))
    _refuse_who_makes_none(call)
    if seen_deal(call.user, call.ids[0], "edit") is None:
        raise forbidden(_("You may see this record, but not change it."))
    return _made(call.user, actions.quote_deal(deal, by=call.user))


def change_quote(call: Call) -> HttpResponse:
    """Change what the body names of a draft; with If-Match only where nobody saved a newer one."""
    quote = seen(call, "edit")
    refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
    draft = drafts.read(call.said, by=call.user, quote=quote)
    version = quote.version if call.versions else None
    try:
        actions.change_quote(quote, draft, by=call.user, version=version)
    except Stale:
        quote.refresh_from_db()
        refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
        raise
    return answered(call.user, quote)


def drop_draft(call: Call) -> HttpResponse:
    """Take a draft back; its number stays. What was sent is withdrawn instead."""
    quote = seen(call, "delete")
    refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
    actions.drop_draft(quote, by=call.user)
    return nothing()


def revise_quote(call: Call) -> HttpResponse:
    """Begin the next revision of a quote, at the prices of today."""
    quote = seen(call, "edit")
    refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
    return _made(call.user, actions.revise_quote(quote, by=call.user))


def show_history(call: Call) -> HttpResponse:
    """Every field of a quote: who changed it, when, from what, to what and through what."""
    return page_of_history(call, "quote", seen(call).pk)


def _made(user: User, quote: Quote) -> HttpResponse:
    said = told(user, quote.pk)
    where = f"quotes/{quote.public_id}"
    return answer(said, status=201, etag=etag_of(quote.version), location=where)


def _refuse_who_makes_none(call: Call) -> None:
    if not call.user.right("quotes").create:
        raise forbidden(_("You may not add records of this kind."))


offer(
    Operation("GET", "quotes", list_quotes, "List quotes", gives=page_of(schemas.QUOTE),
              parameters=(lists.WORDS, lists.VIEW, *lists.PAGES)),
    Operation("POST", "quotes", add_quote, "Begin a quote", takes=schemas.QUOTE_IN,
              gives=schemas.QUOTE, status=201),
    Operation("POST", "deals/{id}/quote", quote_deal, "Begin a quote of a deal",
              gives=schemas.QUOTE, status=201),
    Operation("GET", "quotes/{id}", show_quote, "Get a quote", gives=schemas.QUOTE),
    Operation("PATCH", "quotes/{id}", change_quote, "Change a draft of a quote",
              takes=schemas.QUOTE_CHANGE, gives=schemas.QUOTE,
              more="`lines` takes the place of all lines, priced anew."),
    Operation("DELETE", "quotes/{id}", drop_draft, "Take a draft of a quote back", status=204),
    Operation("POST", "quotes/{id}/revise", revise_quote, "Begin the next revision of a quote",
              gives=schemas.QUOTE, status=201),
    Operation("GET", "quotes/{id}/history", show_history, "The changes of a quote, newest first",
              gives=page_of(LINE), parameters=(CURSOR,)),
)  # fmt: skip
