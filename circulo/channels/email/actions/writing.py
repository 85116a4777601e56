"""Putting mails into the queue, and what a person says of one whose fate is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.channels.email.kinds import kinds
from circulo.channels.email.models import Mail
from circulo.lib import acting, emails
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import at, later
from circulo.lib.text import clean
from circulo.records.models import Attachment

State = Mail.State
AT_ONCE, A_MOMENT = timedelta(0), timedelta(seconds=10)
MOST_READERS, MOST_SUBJECT, MOST_TEXT, MOST_NAME = 20, 200, 20_000, 150


@dataclass(frozen=True)
class Reader:
    """Somebody a mail goes to; `part` is to or cc."""

    address: str
    name: str = ""
    part: str = "to"


@dataclass(frozen=True)
class Letter:
    """What a mail says, to whom, and who is answered; an `invitation` is a whole iCalendar."""

    readers: Sequence[Reader]
    subject: str
    text: str
    language: str
    answers_to: User
    files: Sequence[Attachment] = ()
    invitation: str = ""


def read_readers(to: Iterable[str], cc: Iterable[str] = ()) -> list[Reader]:
    """The recipients that addresses name, each once; Invalid says which is none."""
    found: dict[str, Reader] = {}
    for part, some in (("to", to), ("cc", cc)):
        for said in some:
            try:
                address = emails.normalise(said)
            except Invalid as invalid:
                raise Invalid({part: next(iter(invalid.fields.values()))}) from invalid
            found.setdefault(address, Reader(address, part=part))
    if not any(one.part == "to" for one in found.values()):
        raise Invalid({"to": _("Say to whom it goes: choose an address or write one.")})
    if len(found) > MOST_READERS:
        raise Invalid({"to": _("A mail goes to at most %d addresses.") % MOST_READERS})
    return list(found.values())


def refuse_without_server() -> None:
    """Refuse where mail is switched off in this installation."""
    if not settings.EMAIL_HOST:
        text = _(
            "Mail is switched off here: an administrator names a mail server in CIRCULO_SMTP_HOST."
        )
        raise RuleBroken(text, "no_mail_server")


def checked(letter: Letter) -> Letter:
    """A letter fit to be kept; Invalid says what of it is not."""
    subject = _read("subject", letter.subject, MOST_SUBJECT)
    return replace(letter, subject=subject, text=_read("text", letter.text, MOST_TEXT, lines=True))


@transaction.atomic
def queue_mail(
    letter: Letter, *, about: tuple[str, int], key: str, by: User, waits: timedelta = AT_ONCE
) -> Mail:
    """Have a mail leave once this transaction is over, or so much later; the same key again is the
    first one. While it waits, undoing the act that this is a part of calls it back.
    """
    refuse_without_server()
    letter = checked(letter)
    kind, record = about
    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "about_kind": kind, "about_id": record, "by": by, "language": letter.language,
            "message_id": make_msgid(domain=_domain()), "subject": letter.subject,
            "text": letter.text,
            "from_name": clean(letter.answers_to.name, limit=MOST_NAME),
            "reply_to": letter.answers_to.email, "queued_at": Now(), "due_at": Now() + waits,
            "change_set": acting.written() if waits else None,
            "invitation": letter.invitation,
            "readers": [_kept(one) for one in letter.readers],
            "files": [{"id": one.pk, "name": one.name, "sha256": one.sha256}
                      for one in letter.files],
        },
    )  # fmt: skip
    if is_new:
        if waits:
            at(timezone.now() + waits, "email.send_mail", once=str(mail.pk), mail=mail.pk)
        else:
            later("email.send_mail", mail=mail.pk)
        mail.refresh_from_db()
    return mail


@transaction.atomic
def call_back(change_set: int) -> bool:
    """Take the mails of an act out of the queue; whether there were any. RuleBroken where one of
    them has left, or is about to.
    """
    mails = Mail.objects.select_for_update(of=("self",)).filter(change_set=change_set)
    found = list(mails.order_by("pk"))
    if any(mail.state != State.WAITING or mail.attempts for mail in found):
        raise RuleBroken(_("The mail has left already: what has left is not taken back."))
    mails.delete()
    return bool(found)


@transaction.atomic
def send_again(mail: Mail, *, by: User) -> Mail:
    """Send a mail again that was refused, or of which nobody knows whether it left; whoever got it
    for certain is left out.
    """
    refuse_without_server()
    kept = _held(mail, State.REFUSED, State.IN_DOUBT)
    for one in kept.readers:
        if one["state"] == "refused":
            one |= {"state": "waiting", "said": ""}
    kept.state, kept.by, kept.last_error = State.WAITING, by, ""
    kept.queued_at = kept.due_at = Now()
    kept.handed_at = kept.ended_at = None
    kept.save()
    later("email.send_mail", mail=kept.pk)
    return told(kept)


@transaction.atomic
def mark_arrived(mail: Mail, *, by: User) -> Mail:
    """Note that a mail whose fate was not known did arrive."""
    kept = _held(mail, State.IN_DOUBT)
    said = _("Said by %s.") % by.name
    for one in kept.readers:
        if one["state"] == "waiting":
            one |= {"state": "taken", "said": said}
    kept.state, kept.last_error = State.SENT, ""
    kept.ended_at = Now()
    kept.save()
    return told(kept)


def told(mail: Mail) -> Mail:
    """Have the app that a mail belongs to do what follows from its state; the mail as it stands."""
    mail.refresh_from_db()
    if (kind := kinds().get(mail.about_kind)) is not None:
        kind.told(mail)
    return mail


def _held(mail: Mail, *allowed: str) -> Mail:
    kept = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if kept.state not in allowed:
        text = _("This mail is “%s” meanwhile: look at it again.")
        raise RuleBroken(text % kept.get_state_display())
    return kept


def _read(name: str, said: str, most: int, *, lines: bool = False) -> str:
    try:
        read = clean(said, limit=most, lines=lines)
    except Invalid as invalid:
        raise Invalid({name: next(iter(invalid.fields.values()))}) from invalid
    if not read:
        raise Invalid({name: _("Write something here: a mail is not sent without it.")})
    return read


def _kept(one: Reader) -> dict[str, Any]:
    name = clean(one.name, limit=MOST_NAME)
    return {"address": one.address, "name": name, "part": one.part, "state": "waiting", "said": ""}


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
