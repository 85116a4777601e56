"""Sending quotes: printed, kept with the digest of the document, opened by a key of their own.

Of the key in the address only the digest is kept: whoever sends the quote is given the address
once. A new key takes the place of the old one.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import RuleBroken
from circulo.quotes.actions import telling, writing
from circulo.quotes.actions.approving import refuse_incomplete
from circulo.quotes.keys import address_of, digest_of
from circulo.quotes.models import Quote
from circulo.quotes.printing import print_quote
from circulo.quotes.selectors.approvals import rules_met
from circulo.records.actions import attach
from circulo.records.models import Attachment
from circulo.timeline.kinds import Kind

Status = Quote.Status
FILE = {"es": "presupuesto", "en": "quote"}


def send_quote(quote: Quote, *, by: User) -> tuple[Quote, str]:
    """Send an approved quote, or a draft that no rule concerns: it says what it says from now on.
    The quote, and the address of its page on line.
    """
    _refuse_unsendable(quote)
    key = secrets.token_urlsafe(32)
    sheet = print_quote(quote, address_of(key))
    with transaction.atomic():
        kept = writing.locked(quote, Status.DRAFT, Status.APPROVED)
        if kept.version != quote.version:
            raise RuleBroken(_("Somebody changed %s meanwhile: look at it again.") % kept.called)
        _keep(kept, sheet, key, by)
        telling.record(Kind.QUOTE_SENT, kept, by=by, direction="out")
    return Quote.objects.get(pk=kept.pk), address_of(key)


@transaction.atomic
def renew_link(quote: Quote, *, by: User) -> str:
    """Give the page on line of a quote another address; the one before opens nothing any more."""
    kept = writing.locked(quote, Status.SENT)
    key = secrets.token_urlsafe(32)
    writing.save(kept, digest=digest_of(key))
    return address_of(key)


@transaction.atomic
def revoke_link(quote: Quote, *, by: User) -> None:
    """Close the page on line of a quote; nothing else changes."""
    kept = writing.locked(quote, Status.SENT, Status.ACCEPTED, Status.REFUSED, Status.EXPIRED)
    writing.save(kept, digest="")
    telling.publish(kept)


def _refuse_unsendable(quote: Quote) -> None:
    refuse_incomplete(quote)
    if quote.is_draft and (rules := rules_met(quote)):
        said = {"number": quote.called, "rule": rules[0].name}
        raise RuleBroken(_("%(number)s must be approved first: %(rule)s.") % said, "unapproved")


def _keep(quote: Quote, sheet: bytes, key: str, by: User) -> None:
    writing.save(
        quote,
        status=Status.SENT,
        sent_at=timezone.now(),
        digest=digest_of(key),
        sha256=hashlib.sha256(sheet).hexdigest(),
        file=_kept_file(quote, sheet, by),
    )


def _kept_file(quote: Quote, sheet: bytes, by: User) -> Attachment:
    name = f"{FILE.get(quote.language, 'quote')}-{quote.called.replace('/', '-')}.pdf"
    upload = ContentFile(sheet, name=name)
    return attach("quote", quote.pk, [upload], by=by)[0]  # type: ignore[list-item]  # it has chunks, a name and a size
