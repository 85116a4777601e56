"""Sending quotes: printed, kept with the digest of the document, opened by a key of their own.

Of the key in the address only the digest is kept, and the seed it is made of (`keys`): so a quote
is mailed again with the address that its document carries. A new key takes the old one's place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.channels.email import actions as email
from circulo.channels.email.actions import Letter
from circulo.channels.email.message import LINK, linked
from circulo.channels.email.models import Mail
from circulo.lib.errors import RuleBroken
from circulo.quotes.actions import telling, writing
from circulo.quotes.actions.approving import refuse_incomplete
from circulo.quotes.keys import address_of, digest_of, key_of, link_of, new_seed
from circulo.quotes.models import Quote
from circulo.quotes.printing import print_quote
from circulo.quotes.selectors.approvals import rules_met
from circulo.records.actions import attach
from circulo.records.models import Attachment
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind

Status = Quote.Status
WITH_A_PAGE = (
    Status.SENT, Status.ACCEPTED, Status.REFUSED, Status.EXPIRED, Status.REPLACED,
)  # fmt: skip
FILE = {"es": "presupuesto", "en": "quote"}


def send_quote(quote: Quote, *, by: User) -> tuple[Quote, str]:
    """Send an approved quote, or a draft that no rule concerns: it says what it says from now on.
    The quote, and the address of its page on line.
    """
    sent = _send(quote, by, None)
    return sent, link_of(sent)


def mail_quote(
    quote: Quote, letter: Letter, *, by: User, waits: timedelta = email.AT_ONCE
) -> Quote:
    """Send a quote by e-mail with its document and its link: one that is not sent yet is sent by
    this, one that lies with the customer goes out once more under the same address.

    The mail `waits` so long; until then undoing this calls it back, and the quote was not sent.
    """
    email.refuse_without_server()
    said = replace(email.checked(letter), text=linked(letter.text))
    if quote.status != Status.SENT:
        return _send(quote, by, said, waits)
    with transaction.atomic():
        kept = writing.locked(quote, Status.SENT)
        if kept.is_late:
            raise RuleBroken(_("%s does not hold any more: begin a new revision.") % kept.called)
        if not link_of(kept):
            writing.save(kept, **_fresh_key(new_seed()))
        _mail(Kind.EMAIL, kept, said, by, waits)
    return Quote.objects.get(pk=kept.pk)


@transaction.atomic
def renew_link(quote: Quote, *, by: User) -> str:
    """Give the page on line of a quote another address; the one before opens nothing any more."""
    kept = writing.locked(quote, Status.SENT)
    writing.save(kept, **_fresh_key(new_seed()))
    return link_of(kept)


@transaction.atomic
def revoke_link(quote: Quote, *, by: User) -> None:
    """Close the page on line of a quote; nothing else changes."""
    kept = writing.locked(quote, *WITH_A_PAGE)
    writing.save(kept, digest="", seed="")
    telling.publish(kept)


def refuse_unsendable(quote: Quote) -> None:
    """Refuse what nobody could accept, and what must be approved first."""
    refuse_incomplete(quote)
    if quote.is_draft and (rules := rules_met(quote)):
        said = {"number": quote.called, "rule": rules[0].name}
        raise RuleBroken(_("%(number)s must be approved first: %(rule)s.") % said, "unapproved")


def _send(quote: Quote, by: User, letter: Letter | None, waits: timedelta = email.AT_ONCE) -> Quote:
    """Print and keep a quote, and have a letter take it along where there is one."""
    refuse_unsendable(quote)
    seed = new_seed()
    sheet = print_quote(quote, address_of(key_of(seed)))
    with transaction.atomic():
        revisions = writing.locked_revisions(quote)
        kept = writing.locked(quote, Status.DRAFT, Status.APPROVED)
        if kept.version != quote.version:
            raise RuleBroken(_("Somebody changed %s meanwhile: look at it again.") % kept.called)
        _keep(kept, sheet, seed, by)
        _replace([one for one in revisions if one.revision < kept.revision])
        if letter is None:
            telling.record(Kind.QUOTE_SENT, kept, by=by, told=Telling(direction="out"))
        else:
            _mail(Kind.QUOTE_SENT, kept, letter, by, waits)
    return Quote.objects.get(pk=kept.pk)


def _replace(older: Sequence[Quote]) -> None:
    """Have what lay with the customer be replaced: its page on line says so from now on."""
    for one in older:
        if one.status in (Status.SENT, Status.REFUSED, Status.EXPIRED):
            writing.save(one, status=Status.REPLACED, seed="")
            telling.publish(one)


def _mail(kind: Kind, quote: Quote, letter: Letter, by: User, waits: timedelta) -> None:
    """Queue a mail that carries the document, and tell the timeline to whom it goes."""
    files = [quote.file] if quote.file else []
    number = Mail.objects.about("quote", quote.pk).count() + 1
    mail = email.queue_mail(
        replace(letter, files=files), about=("quote", quote.pk), key=f"quote:{quote.pk}:{number}",
        by=by, waits=waits,
    )  # fmt: skip
    told = Telling(body=_told(mail), direction="out", channel="email")
    telling.record(kind, quote, by=by, told=told)


def _told(mail: Mail) -> str:
    """To whom a mail goes and what it says; its link is no business of the timeline."""
    names = {part: [one["name"] or one["address"] for one in mail.readers if one["part"] == part]
             for part in ("to", "cc")}  # fmt: skip
    lines = [_("To: %s") % ", ".join(names["to"])]
    if names["cc"]:
        lines.append(_("Copy to: %s") % ", ".join(names["cc"]))
    text = mail.text.replace(LINK, f"[{_('the page on line')}]")
    return "\n".join([*lines, "", mail.subject, "", text])


def _fresh_key(seed: str) -> dict[str, str]:
    return {"seed": seed, "digest": digest_of(key_of(seed))}


def _keep(quote: Quote, sheet: bytes, seed: str, by: User) -> None:
    writing.save(
        quote,
        status=Status.SENT,
        sent_at=timezone.now(),
        **_fresh_key(seed),
        sha256=hashlib.sha256(sheet).hexdigest(),
        file=_kept_file(quote, sheet, by),
    )


def _kept_file(quote: Quote, sheet: bytes, by: User) -> Attachment:
    name = f"{FILE.get(quote.language, 'quote')}-{quote.called.replace('/', '-')}.pdf"
    upload = ContentFile(sheet, name=name)
    return attach("quote", quote.pk, [upload], by=by)[0]  # type: ignore[list-item]  # it has chunks, a name and a size
