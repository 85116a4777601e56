"""Mails over the API: how they fared, and what a person says of those in doubt."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circulo.channels.email import actions, schemas
from circulo.channels.email.models import Mail
from circulo.channels.email.selectors import mail_shown, seen_mail
from circulo.records.rest.answers import answer
from circulo.records.rest.operations import Call, Operation, offer
from circulo.records.rest.refusals import forbidden, not_found


def show_mail(call: Call) -> HttpResponse:
    """A mail, and what became of it."""
    return answer(mail_shown(call.user, _seen(call)))


def send_again(call: Call) -> HttpResponse:
    """Send a mail again that was refused or is in doubt."""
    return _did(call, lambda mail: actions.send_again(mail, by=call.user))


def mark_arrived(call: Call) -> HttpResponse:
    """Note that a mail in doubt did arrive."""
    return _did(call, lambda mail: actions.mark_arrived(mail, by=call.user))


def _did(call: Call, act: Callable[[Mail], Mail]) -> HttpResponse:
    mail = _seen(call)
    if seen_mail(call.user, call.ids[0], "edit") is None:
        raise forbidden(_("You may see this record, but not change it."))
    return answer(mail_shown(call.user, act(mail)))


def _seen(call: Call) -> Mail:
    mail = seen_mail(call.user, call.ids[0])
    if mail is None:
        raise not_found(_("There is no such record."))
    return mail


offer(
    Operation("GET", "mails/{id}", show_mail, "Get a mail", gives=schemas.MAIL),
    Operation("POST", "mails/{id}/again", send_again, "Send a mail again", gives=schemas.MAIL,
              more="For mails that were refused or are in doubt. Whoever has it for certain is"
              " left out."),
    Operation("POST", "mails/{id}/arrived", mark_arrived, "Note that a mail in doubt arrived",
              gives=schemas.MAIL),
)  # fmt: skip
