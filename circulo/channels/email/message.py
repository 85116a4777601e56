"""The bytes of a mail: its text as plain text and as a simple page, and its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from circulo.channels.email.kinds import kinds
from circulo.channels.email.models import Mail
from circulo.lib.errors import RuleBroken
from circulo.lib.readers.calendar_writer import refilled
from circulo.records.models import Attachment

LINK = "{{ link }}"
_METHOD = re.compile(r"^METHOD:(\w+)\r$", re.MULTILINE)
_WORD = re.compile(r"{{\s*(\w+)\s*}}")


def sender() -> str:
    """The address of the installation, that every mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def linked(text: str) -> str:
    """A text with the place of a link in it: at its end where whoever wrote it has none."""
    said = _WORD.sub(lambda word: LINK if word[1] == "link" else word[0], text)
    return said if LINK in said else f"{said.rstrip()}\n\n{LINK}"


def content_of(mail: Mail, fills: Mapping[str, str]) -> bytes:
    """A mail as it goes over the line; RuleBroken where a file of it is not there as it was."""

    def filled(text: str) -> str:
        return _WORD.sub(lambda word: fills.get(word[1], word[0]), text)

    text = filled(mail.text)
    message = EmailMultiAlternatives(
        mail.subject,
        text,
        formataddr((mail.from_name, sender())) if mail.from_name else settings.DEFAULT_FROM_EMAIL,
        _named(mail, "to"),
        cc=_named(mail, "cc"),
        reply_to=[formataddr((mail.from_name, mail.reply_to))] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id} | _automatic(mail),
    )
    page = render_to_string("email/mail.html", {"mail": mail, "text": text})
    message.attach_alternative(page, "text/html")
    if mail.invitation:
        _invite(message, refilled(mail.invitation, filled))
    known = Attachment.objects.in_bulk([one["id"] for one in mail.files])
    for one in mail.files:
        message.attach(one["name"], *_file(one, known.get(one["id"])))
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own takes it


def _automatic(mail: Mail) -> dict[str, str]:
    """The word (RFC 3834) by which no absence note comes back to what nobody wrote."""
    kind = kinds().get(mail.about_kind)
    return {"Auto-Submitted": "auto-generated"} if kind and kind.automatic else {}


def _invite(message: EmailMultiAlternatives, calendar: str) -> None:
    """Once as what the mail itself is, for calendars that act on it, and once as a file to keep."""
    method = _METHOD.search(calendar)
    kind = f"text/calendar; method={method[1]}" if method else "text/calendar"
    message.attach_alternative(calendar.replace("\r\n", "\n"), kind)
    message.attach("invite.ics", calendar.encode(), "application/ics")


def _named(mail: Mail, part: str) -> list[str]:
    return [
        formataddr((one["name"], one["address"])) if one["name"] else one["address"]
        for one in mail.readers
        if one["part"] == part
    ]


def _file(one: Mapping[str, Any], attachment: Attachment | None) -> tuple[bytes, str]:
    held = attachment.file.read_bytes() if attachment and attachment.file.is_file() else b""
    if attachment is None or sha256(held).hexdigest() != one["sha256"]:
        raise RuleBroken(_("The file “%s” is not there any more as it was.") % one["name"])
    return held, attachment.content_type
