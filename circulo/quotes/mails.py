"""The mails about quotes: who sees them, the link that is put in when they leave, who is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from circulo.channels.email.kinds import Kind, register
from circulo.channels.email.models import Mail
from circulo.lib.errors import RuleBroken
from circulo.quotes import notices
from circulo.quotes.actions import telling
from circulo.quotes.keys import link_of
from circulo.quotes.models import Quote

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.quotes.models import QuoteQuerySet


def _reachable(user: User, act: str) -> QuoteQuerySet:
    return Quote.objects.visible_to(user, act)


def _fill(mail: Mail) -> Mapping[str, str]:
    """The link of a quote, as it is when the mail leaves."""
    quote = Quote.objects.filter(pk=mail.about_id).first()
    if quote is None or quote.status in (Quote.Status.WITHDRAWN, Quote.Status.REPLACED):
        raise RuleBroken(_("The quote was withdrawn or replaced before the mail could leave."))
    link = link_of(quote)
    if not link:
        raise RuleBroken(_("The page of the quote on line was closed before the mail could leave."))
    return {"link": link}


def _told(mail: Mail) -> None:
    """Have open pages ask anew; tell whoever sent the mail where a person has to do something."""
    quote = Quote.objects.filter(pk=mail.about_id).first()
    if quote is None:
        return
    telling.publish(quote)
    kinds = {Mail.State.REFUSED: notices.MAIL_REFUSED, Mail.State.IN_DOUBT: notices.MAIL_IN_DOUBT}
    partly = mail.state == Mail.State.SENT and any(
        one["state"] == "refused" for one in mail.readers
    )
    kind = notices.MAIL_REFUSED if partly else kinds.get(Mail.State(mail.state))
    if kind:
        telling.notice(kind, quote, {mail.by_id or quote.owner_id}, by=None)


register(Kind("quote", _reachable, _fill, _told))
