"""A raw e-mail read whatever its faults: it becomes a `Mail`, or is refused with the reason."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from circulo.lib.readers import headers, mime, winmail
from circulo.lib.readers.headers import Fields
from circulo.lib.readers.html_text import text_in
from circulo.lib.readers.mails import Bounce, Mail, MailAddress, MailFile
from circulo.lib.readers.mime import Part
from circulo.lib.readers.refusal import Unreadable

__all__ = ["Bounce", "Mail", "MailAddress", "MailFile", "Unreadable", "read"]

LARGEST = 60 << 20
_LONGEST_TEXT = 2_000_000
_MOST_FILES = 1_000
_ROBOTS = re.compile(r"(?:mailer-daemon|mail-daemon)\b")
_RETURNED = re.compile(
    r"undeliver|not delivered|returned|failure notice|delivery (?:status|fail)|no se (?:ha |pudo )"
    r"|no entregado|devuelto|error de entrega",
    re.IGNORECASE,
)
_TELLING = frozenset(("from", "to", "subject", "date", "message-id", "received", "content-type"))


def read(raw: bytes) -> Mail:
    """The mail in these bytes."""
    if len(raw) > LARGEST:
        raise Unreadable(_("The mail is larger than 60 MB and was not read."))
    raw = _without_envelope(raw)
    fields, body = mime.split(raw)
    if not _TELLING & fields.keys():
        raise Unreadable(
            _("This is not an e-mail: no sender, recipient, subject or date stands in it.")
        )
    found = _Found()
    for part in mime.walk(mime.part_of(fields, body)):
        found.take(part)
    return _mail(fields, found, hashlib.sha256(raw).hexdigest())


def _without_envelope(raw: bytes) -> bytes:
    """The mail without a byte order mark, blank lines or an mbox line before it."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return raw


@dataclass
class _Found:
    """What the parts of a mail gave: its texts, its files, and reports of servers."""

    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    bounces: list[Bounce] = field(default_factory=list)
    is_report: bool = False
    alternatives: list[int] = field(default_factory=list)

    def take(self, part: Part) -> None:
        kind = part.content_type
        if kind.startswith("multipart/"):
            self.is_report |= part.params.get("report-type", "").lower() == "delivery-status"
        elif kind == "message/delivery-status":
            self.bounces += _bounces(part)
        elif kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
            self._take_winmail(part)
        elif kind in ("text/plain", "text/html") and not self._is_file(part):
            self._take_words(part)
        else:
            self._take_file(part)

    def _is_file(self, part: Part) -> bool:
        return part.disposition() == "attachment" or bool(
            part.filename() and (self.texts or self.pages)
        )

    def _take_words(self, part: Part) -> None:
        if part.content_type == "text/html":
            self.pages.append(part.text()[:_LONGEST_TEXT])
            return
        body, files = mime.files_in_text(part.body)
        part.body = body
        self.texts.append(part.text()[:_LONGEST_TEXT])
        for name, content in files:
            self._add(MailFile(name, "application/octet-stream", content))

    def _take_file(self, part: Part) -> None:
        name = part.filename() or _name_for(part)
        cid = headers.first(part.fields, "content-id").strip("<> ")
        content = part.body if part.content_type.startswith("message/") else part.content()
        self._add(MailFile(name, part.content_type, content, part.disposition() == "inline", cid))

    def _take_winmail(self, part: Part) -> None:
        opened = winmail.read(part.content())
        if not opened:
            self._take_file(part)
            return
        self.texts += [opened.text] if opened.text else []
        self.pages += [opened.html] if opened.html else []
        for name, content in opened.files:
            self._add(MailFile(name, "application/octet-stream", content))

    def _add(self, file: MailFile) -> None:
        if len(self.files) < _MOST_FILES:
            self.files.append(file)

    def words(self) -> str:
        """The text of the mail; that of its page where no plain text came along."""
        plain = "\n\n".join(text.strip() for text in self.texts if text.strip())
        return (plain or "\n\n".join(text_in(page) for page in self.pages))[:_LONGEST_TEXT]


def _mail(fields: Fields, found: _Found, digest: str) -> Mail:
    date, is_own = headers.moment(fields)
    senders = headers.addresses(fields, "from") or headers.addresses(fields, "sender")
    sender = next((one for one in senders if one.email), next(iter(senders), MailAddress("")))
    replies = headers.message_ids(fields, "in-reply-to")
    auto = headers.first(fields, "auto-submitted").partition(";")[0].lower()
    is_bounce = found.is_report or bool(found.bounces) or _is_returned(fields, sender)
    return Mail(
        message_id=next(iter(headers.message_ids(fields, "message-id")), _bare_id(fields)),
        date=date,
        from_=sender,
        to=headers.addresses(fields, "to"),
        cc=headers.addresses(fields, "cc"),
        bcc=headers.addresses(fields, "bcc"),
        reply_to=headers.addresses(fields, "reply-to"),
        subject=headers.first(fields, "subject"),
        text=found.words(),
        html="\n".join(found.pages)[:_LONGEST_TEXT],
        attachments=tuple(found.files),
        in_reply_to=next(iter(replies), ""),
        references=headers.message_ids(fields, "references") or replies,
        auto_submitted=auto,
        is_automatic=is_bounce or _is_automatic(fields, auto),
        is_bounce=is_bounce,
        bounces=tuple(found.bounces),
        list_id=headers.first(fields, "list-id"),
        digest=digest,
        problems=tuple(_problems(fields, sender, is_own)),
    )


def _is_returned(fields: Fields, sender: MailAddress) -> bool:
    """Whether a mail server without a proper report says that a mail came back."""
    subject = headers.first(fields, "subject")
    is_master = sender.email.startswith("postmaster@") and bool(_RETURNED.search(subject))
    return bool(_ROBOTS.match(sender.email)) or is_master


def _bare_id(fields: Fields) -> str:
    """An identifier written without its brackets."""
    written = headers.first(fields, "message-id").strip("<> ")
    return written if 0 < len(written) <= 500 and " " not in written else ""


def _is_automatic(fields: Fields, auto: str) -> bool:
    """Whether a machine wrote this; mail to a list is still a person's."""
    said = headers.first(fields, "precedence").lower()
    answers = ("x-autoreply", "x-autorespond", "x-auto-response-suppress")
    empty_path = "return-path" in fields and headers.first(fields, "return-path").strip() == "<>"
    is_answer = said == "auto_reply" or any(name in fields for name in answers[:2]) or empty_path
    return is_answer or auto not in ("", "no")


def _problems(fields: Fields, sender: MailAddress, is_own_date: bool) -> Iterator[str]:
    if not is_own_date:
        yield _("It has no date that can be believed.")
    if not sender.email:
        yield _("Its sender's address cannot be read.")


def _bounces(part: Part) -> list[Bounce]:
    """What a delivery report says of each recipient."""
    found = []
    for block in re.split(rb"\r?\n[ \t]*\r?\n", part.content()[:200_000])[:500]:
        fields = headers.fields_of(block)
        who = headers.first(fields, "final-recipient") or headers.first(
            fields, "original-recipient"
        )
        if who:
            email = who.rpartition(";")[2].strip(" <>").lower()
            status = headers.first(fields, "status").partition(" ")[0]
            said = headers.first(fields, "diagnostic-code").partition(";")[2].strip()
            action = headers.first(fields, "action").partition(" ")[0].lower()
            found.append(Bounce(email, action, status, said))
    return found


_ENDINGS = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}


def _name_for(part: Part) -> str:
    """A name for a file that has none; that of a mail inside a mail is its subject."""
    name = part.content_type.replace("/", "-")
    if part.content_type == "message/rfc822":
        fields, _body = mime.split(part.body.lstrip(b"\r\n"))
        name = re.sub(r"[^\w .-]", "", headers.first(fields, "subject"))[:80].strip() or name
    return name + _ENDINGS.get(part.content_type, "")
