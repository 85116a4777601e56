"""What is done with a quote on its page: approved, sent, answered, revised, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote as quoted

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circulo.lib import origin
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.models import Party
from circulo.parties.selectors import party_seen
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.forms import DecisionForm, ToldForm
from circulo.quotes.models import Answer, Quote
from circulo.quotes.speaking import speaking
from circulo.quotes.views.finding import back, did, find, tried
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, swap, toast


@require_POST
@login_required
def submit(request: Request, identifier: str) -> HttpResponse:
    """Have a draft approved."""
    quote = find(request, identifier, "edit")
    said = _("Handed in: whoever must approve it was told.")
    return did(request, quote, lambda: actions.submit_quote(quote, by=request.user), said)


@require_POST
@login_required
def redraft(request: Request, identifier: str) -> HttpResponse:
    """Take a quote back to change it."""
    quote = find(request, identifier, "edit")
    said = _("It is a draft again.")
    return did(request, quote, lambda: actions.redraft_quote(quote, by=request.user), said)


@require_POST
@login_required
def decide(request: Request, identifier: str) -> HttpResponse:
    """Approve a quote, or send it back with a comment."""
    quote = find(request, identifier)
    form = DecisionForm(request.POST)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    is_approved = request.POST.get("then") == "approve"
    act: Callable[..., Quote] = actions.approve_quote if is_approved else actions.return_quote
    said = _("Approved: %s.") if is_approved else _("Sent back: %s.")
    return did(request, quote, lambda: act(quote, by=request.user, comment=comment),
               said % quote.called)  # fmt: skip


@require_POST
@login_required
def send(request: Request, identifier: str) -> HttpResponse:
    """Send a quote, and show the address of its page on line."""
    quote = find(request, identifier, "edit")
    sent = tried(request, lambda: actions.send_quote(quote, by=request.user))
    return _linked(request, *sent) if sent else back(request, quote)


@require_POST
@login_required
def link(request: Request, identifier: str) -> HttpResponse:
    """Give the page on line another address, and show it."""
    quote = find(request, identifier, "edit")
    url = tried(request, lambda: actions.renew_link(quote, by=request.user))
    return _linked(request, quote, url) if url else back(request, quote)


@require_POST
@login_required
def unlink(request: Request, identifier: str) -> HttpResponse:
    """Close the page on line of a quote."""
    quote = find(request, identifier, "edit")
    said = _("Its page on line is closed.")
    return did(request, quote, lambda: actions.revoke_link(quote, by=request.user), said)


@require_POST
@login_required
def revise(request: Request, identifier: str) -> HttpResponse:
    """Begin the next revision of a quote."""
    quote = find(request, identifier, "edit")
    fresh = tried(request, lambda: actions.revise_quote(quote, by=request.user))
    if fresh is None:
        return back(request, quote)
    toast(request, _("Revision %s is begun, at the prices of today.") % fresh.called)
    return swap(request, "records/_gone.html", otherwise=fresh.get_absolute_url())


@require_POST
@login_required
def reply(request: Request, identifier: str) -> HttpResponse:
    """Answer what the customer asked, on the page that they have."""
    quote = find(request, identifier, "edit")
    text = request.POST.get("text", "")
    said = _("The customer reads it on their page.")
    return did(request, quote, lambda: actions.reply_to_customer(quote, text, by=request.user),
               said)  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def accept(request: Request, identifier: str) -> HttpResponse:
    """Note that the customer accepted, and how they told it."""
    return _note(request, find(request, identifier, "edit"), Answer.Kind.ACCEPTED)


@require_http_methods(["GET", "POST"])
@login_required
def refuse(request: Request, identifier: str) -> HttpResponse:
    """Note that the customer refused, and why."""
    return _note(request, find(request, identifier, "edit"), Answer.Kind.REFUSED)


@require_POST
@login_required
def withdraw(request: Request, identifier: str) -> HttpResponse:
    """Take a quote back for good."""
    quote = find(request, identifier, "delete")
    act = actions.withdraw_quotes
    said = _("Withdrawn: %s.") % quote.called
    return did(request, quote, lambda: act([quote.pk], by=request.user), said,
               undoes=True)  # fmt: skip


def _note(request: Request, quote: Quote, kind: str) -> HttpResponse:
    contact = party_seen(request.user, quote.contact_id) or party_seen(request.user, quote.party_id)
    begin = {"name": contact.name if contact else ""}
    form = ToldForm(request.POST or None, initial=begin)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            agent = request.headers.get("User-Agent", "")
            said = Said(values["name"], values["note"], origin.address(), agent)
            try:
                actions.answer_for(quote, said, kind, by=request.user)
            except Invalid as invalid:
                for name, why in invalid.fields.items():
                    form.add_error(name if name in form.fields else None, str(why))
            except RuleBroken as refusal:
                form.add_error(None, str(refusal.message))
                status = 409
            else:
                toast(request, _("Noted: %s.") % quote.called, undo=undo_url())
                return back(request, quote)
    return page(request, "quotes/told.html", status=status, form=form, quote=quote, kind=kind)


def _linked(request: Request, quote: Quote, url: str) -> HttpResponse:
    reader = party_seen(request.user, quote.contact_id) or party_seen(request.user, quote.party_id)
    kind = "companies" if reader and reader.is_organisation else "contacts"
    sees = reader is not None and "emails" not in request.user.hidden_fields(kind)
    to = _address_of(reader) if reader and sees else ""
    return page(request, "quotes/sent.html", quote=quote, url=url, mail=_mail(quote, to, url))


def _address_of(reader: Party) -> str:
    points = reader.points.filter(kind="email").order_by("-is_primary", "pk")
    return str(points.values_list("value", flat=True).first() or "")


def _mail(quote: Quote, to: str, url: str) -> str:
    """A letter to the customer, ready to be sent by one's own program."""
    with speaking(quote.language):
        subject = _("Quote %(number)s: %(title)s") % {"number": quote.called, "title": quote.title}
        body = _("Here is our quote. You can see it, ask and accept it on line:")
    text = quoted(f"{body}\n\n{url}")
    return f"mailto:{quoted(to)}?subject={quoted(subject)}&body={text}"
