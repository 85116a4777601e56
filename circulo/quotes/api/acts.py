"""What is done with quotes over the API: approved, sent, answered, withdrawn, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.lib import origin
from circulo.lib.errors import Invalid
from circulo.quotes import actions, schemas
from circulo.quotes.actions.answering import MOST_NAME, MOST_TEXT, Said
from circulo.quotes.actions.approving import MOST_COMMENT
from circulo.quotes.api.finding import answered, seen, told
from circulo.quotes.composing import letter_of
from circulo.quotes.models import Answer, Quote
from circulo.quotes.selectors.document import sheet_for
from circulo.records.rest import reading
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.versions import refuse_older

_MAIL = ("to", "cc", "subject", "text")


def submit_quote(call: Call) -> HttpResponse:
    """Have a draft approved: it waits where it meets a rule, else it is approved at once."""
    return _do(call, lambda quote: actions.submit_quote(quote, by=call.user))


def redraft_quote(call: Call) -> HttpResponse:
    """Take back a quote that waits or is approved, to change it."""
    return _do(call, lambda quote: actions.redraft_quote(quote, by=call.user))


def approve_quote(call: Call) -> HttpResponse:
    """Approve what the caller is asked of a quote."""
    comment = _comment(call)
    act = actions.approve_quote
    return _do(call, lambda quote: act(quote, by=call.user, comment=comment), right="view")


def return_quote(call: Call) -> HttpResponse:
    """Send a quote back to whoever wrote it, and say what has to change."""
    comment = _comment(call)
    act = actions.return_quote
    return _do(call, lambda quote: act(quote, by=call.user, comment=comment), right="view")


def send_quote(call: Call) -> HttpResponse:
    """Send a quote: its document is kept, and its page on line opens."""
    quote = seen(call, "edit")
    refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
    sent, url = actions.send_quote(quote, by=call.user)
    return answer({"quote": told(call.user, sent.pk), "url": url})


def mail_quote(call: Call) -> HttpResponse:
    """Send a quote by e-mail with its document and its link; what is not said is as proposed."""
    quote = seen(call, "edit")
    refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
    said = reading.known(call.said if call.body is not None else {}, _MAIL)
    with reading.collecting() as take:
        letter = {name: take(name, _addresses if name in ("to", "cc") else reading.word, value)
                  for name, value in said.items()}  # fmt: skip
    actions.mail_quote(quote, letter_of(call.user, quote, letter), by=call.user)
    return answered(call.user, quote)


def renew_link(call: Call) -> HttpResponse:
    """Give the page on line another address; the one before opens nothing any more."""
    quote = seen(call, "edit")
    url = actions.renew_link(quote, by=call.user)
    return answer({"quote": told(call.user, quote.pk), "url": url})


def revoke_link(call: Call) -> HttpResponse:
    """Close the page on line of a quote."""
    return _do(call, lambda quote: actions.revoke_link(quote, by=call.user))


def accept_quote(call: Call) -> HttpResponse:
    """Note that the customer accepted; the note says how they told it."""
    return _note(call, Answer.Kind.ACCEPTED)


def refuse_quote(call: Call) -> HttpResponse:
    """Note that the customer refused, and why."""
    return _note(call, Answer.Kind.REFUSED)


def withdraw_quote(call: Call) -> HttpResponse:
    """Take back a quote that is not decided; its number stays."""
    act = actions.withdraw_quotes
    return _do(call, lambda quote: act([quote.pk], by=call.user), right="delete")


def print_quote(call: Call) -> HttpResponse:
    """The document of a quote: what was sent, or how a draft would look."""
    quote = seen(call)
    return HttpResponse(sheet_for(quote, call.user), content_type="application/pdf")


def reply_to_customer(call: Call) -> HttpResponse:
    """Answer what the customer asked: it stands on the page that they have."""
    comment = _comment(call)
    return _do(call, lambda quote: actions.reply_to_customer(quote, comment, by=call.user))


def _do(call: Call, act: Callable[[Quote], object], *, right: str = "edit") -> HttpResponse:
    quote = seen(call, right)
    refuse_older(call, quote.version, lambda: told(call.user, quote.pk))
    act(quote)
    return answered(call.user, quote)


def _note(call: Call, kind: str) -> HttpResponse:
    said = reading.known(call.said, ("name", "note"))
    with reading.collecting() as take:
        name = take("name", reading.prose, said.get("name"), MOST_NAME)
        note = take("note", reading.prose, said.get("note"), MOST_TEXT)
    who = Said(name, note, origin.address(), call.request.headers.get("User-Agent", ""))
    return _do(call, lambda quote: actions.answer_for(quote, who, kind, by=call.user))


def _comment(call: Call) -> str:
    said = reading.known(call.said if call.body is not None else {}, ("comment",))
    with reading.collecting() as take:
        return str(take("comment", reading.prose, said.get("comment"), MOST_COMMENT))


def _addresses(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Invalid({"": _("This must be a list of e-mail addresses.")})
    return [reading.word(one) for one in value]


offer(
    Operation("POST", "quotes/{id}/submit", submit_quote, "Have a quote approved",
              gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/redraft", redraft_quote, "Take a quote back to change it",
              gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/approve", approve_quote, "Approve a quote",
              takes=schemas.COMMENT, gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/reject", return_quote, "Send a quote back with a comment",
              takes=schemas.COMMENT, gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/send", send_quote, "Send a quote", gives=schemas.LINK,
              more="Refused as `unapproved` where a rule asks for approval first."),
    Operation("POST", "quotes/{id}/mail", mail_quote, "Send a quote by e-mail",
              takes=schemas.MAIL_IN, gives=schemas.QUOTE,
              more="Sends a quote that is not sent yet; one that lies with the customer goes out"
              " once more. `to` is whom the quote is for unless said; `{{ link }}` in `text` is"
              " the page on line. What becomes of the mail is said in `mails`."),
    Operation("POST", "quotes/{id}/link", renew_link, "Give the page on line another address",
              gives=schemas.LINK),
    Operation("DELETE", "quotes/{id}/link", revoke_link, "Close the page on line",
              gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/reply", reply_to_customer, "Answer what the customer asked",
              takes=schemas.COMMENT, gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/accept", accept_quote, "Note that the customer accepted",
              takes=schemas.TOLD, gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/refuse", refuse_quote, "Note that the customer refused",
              takes=schemas.TOLD, gives=schemas.QUOTE),
    Operation("POST", "quotes/{id}/withdraw", withdraw_quote, "Take a quote back for good",
              gives=schemas.QUOTE),
    Operation("GET", "quotes/{id}/pdf", print_quote, "The document of a quote",
              gives={"type": "string", "format": "binary"}, gives_type="application/pdf"),
)  # fmt: skip
