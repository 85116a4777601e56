"""Sending a quote by e-mail from its page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circulo.channels.email.actions import A_MOMENT, refuse_without_server
from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes import actions
from circulo.quotes.composing import begin_letter, known_readers, letter_of
from circulo.quotes.keys import link_of
from circulo.quotes.mail_forms import MailForm
from circulo.quotes.models import Quote
from circulo.quotes.views.finding import back, find, tried
from circulo.records.actions.once import made_before, make_once
from circulo.records.undo_links import undo_url
from circulo.web import Request, page, toast

SENDABLE = (Quote.Status.DRAFT, Quote.Status.APPROVED, Quote.Status.SENT)


@require_http_methods(["GET", "POST"])
@login_required
def mail(request: Request, identifier: str) -> HttpResponse:
    """Write the e-mail that a quote goes with, and send both."""
    quote = find(request, identifier, "edit")
    if made_before(request.POST.get("once", ""), by=request.user):
        return back(request, quote)
    if tried(request, lambda: _allowed(quote)) is None:
        return back(request, quote)
    known = known_readers(request.user, quote)
    if request.method == "GET":
        form = MailForm(known=known, begun=begin_letter(request.user, quote, known))
        return _written(request, quote, form, 200)
    form = MailForm(request.POST, known=known)
    if not form.is_valid():
        return _written(request, quote, form, 422)
    try:
        letter = letter_of(request.user, quote, form.said(), known=known)
        make_once(
            request.POST.get("once", ""),
            lambda: actions.mail_quote(quote, letter, by=request.user, waits=A_MOMENT).pk,
            by=request.user,
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _written(request, quote, form, 422)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal.message))
        return _written(request, quote, form, 409)
    toast(request, _("%s leaves in ten seconds.") % quote.called, undo=undo_url())
    return back(request, quote)


def _allowed(quote: Quote) -> bool:
    """Whether a quote can go out by e-mail at all; RuleBroken says why not."""
    refuse_without_server()
    if quote.status not in SENDABLE:
        said = {"number": quote.called, "status": quote.get_status_display()}
        text = _("Quote %(number)s is “%(status)s”: this cannot be done with it any more.")
        raise RuleBroken(text % said)
    actions.refuse_unsendable(quote)
    return True


def _written(request: Request, quote: Quote, form: MailForm, status: int) -> HttpResponse:
    is_sent = quote.status == Quote.Status.SENT
    return page(
        request, "quotes/mail.html", status=status, form=form, quote=quote, is_sent=is_sent,
        is_renewed=is_sent and not link_of(quote),
    )  # fmt: skip
