"""Rows of a table and raw mails, read as interactions; no row asks the database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib import emails, ids
from circulo.lib.errors import Invalid
from circulo.lib.readers import mail, values
from circulo.lib.readers.mail import Mail, MailAddress, MailFile
from circulo.lib.text import salvage
from circulo.parties.load_whom import Someone, someone
from circulo.records.actions.attachments import MOST_FILES
from circulo.records.load_types import RefusedRow, Said, Task
from circulo.records.mapping import folded, in_our_words
from circulo.timeline.actions import MOST_BODY, MOST_SUBJECT
from circulo.timeline.kinds import CHANNELS, LOOKS, Kind

_MOST_PEOPLE = 20
_DIRECTIONS = {
    "in": ("in", "received", "inbound", "entrante", "recibido", "recibida", "incoming"),
    "out": ("out", "sent", "outbound", "saliente", "enviado", "enviada", "outgoing"),
}

# What other programs call the same, beside our own words.
_KINDS = {
    "llamada": "call", "phone call": "call", "llamada telefonica": "call", "correo": "email",
    "correo electronico": "email", "mail": "email", "reunion": "meeting", "cita": "meeting",
    "appointment": "meeting", "event": "meeting", "visita": "visit", "nota": "note",
    "comentario": "note", "comment": "note", "task": "note", "tarea": "note", "carta": "letter",
    "documento": "document", "formulario": "form", "mensaje": "chat", "whatsapp": "chat",
    "sms": "chat", "pedido": "order", "pago": "payment", "queja": "complaint",
    "reclamacion": "complaint", "devolucion": "return", "caso": "case", "incidencia": "case",
}  # fmt: skip
_CHANNELS = {
    "telefono": "phone", "correo": "email", "correo electronico": "email",
    "en persona": "in_person", "presencial": "in_person", "postal": "post",
    "correo postal": "post", "redes sociales": "social",
}  # fmt: skip


@dataclass
class ToldRow:
    """An interaction with one or more people, before these are looked up."""

    kind: Kind
    occurred_at: datetime
    people: list[Someone]
    source_key: str
    key: int | None = None
    channel: str = ""
    direction: str = ""
    subject: str = ""
    body: str = ""
    by: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    files: Sequence[MailFile] = ()


class ToldReader:
    """Reads the rows and mails of one load; `users` are the addresses of those who work here."""

    def __init__(self, task: Task, users: Mapping[str, int]) -> None:
        self.task = task
        self.users = users
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.kinds = _KINDS | in_our_words({kind.value: look.label for kind, look in LOOKS.items()})
        self.channels = _CHANNELS | in_our_words({n: label for n, label in CHANNELS.items() if n})
        self.directions = {word: way for way, words in _DIRECTIONS.items() for word in words}

    def row(self, said: Said) -> ToldRow:
        """The interaction of a table's row."""
        kind = Kind(_chosen(self.kinds, _one(said, "kind") or "note", _("kind")))
        look = LOOKS[kind]
        written = _one(said, "occurred_at")
        when = values.moment(written, self.task.date_order) if written else None
        if when is None:
            raise RefusedRow(_("It is not said when this happened."))
        told = ToldRow(
            kind,
            _believable(self._placed(when)),
            [self._someone(said)],
            "",
            key=_key(said, "interaction", "id"),
            channel=_chosen(self.channels, _one(said, "channel") or look.channel, _("channel")),
            direction=self._direction(said) if look.is_directed else "",
            subject=salvage(_one(said, "subject"), limit=MOST_SUBJECT),
            body=salvage(_one(said, "body"), limit=MOST_BODY, lines=True),
            by=self._author(said),
        )
        told.source_key = _one(said, "source_key")[:280] or f"row:{_print_of(told)}"
        return told

    def mail(self, raw: bytes) -> ToldRow:
        """The interaction that a mail is: received from its sender, or sent by one of us."""
        found = mail.read(raw)
        author = self.users.get(found.from_.email)
        people = self._people(found, is_ours=author is not None)
        if not people:
            raise RefusedRow(_nobody(found))
        return ToldRow(
            Kind.EMAIL,
            found.date or timezone.now(),
            people,
            f"mail:{found.source_key[:280]}",
            channel="email",
            direction="in" if author is None else "out",
            subject=salvage(found.subject, limit=MOST_SUBJECT),
            body=salvage(found.text, limit=MOST_BODY, lines=True),
            by=author,
            data=_data(found),
            files=[file for file in found.attachments if _may_be_kept(file)][:MOST_FILES],
        )

    def _people(self, found: Mail, *, is_ours: bool) -> list[Someone]:
        """Who is outside: the sender, whom we wrote to, or whom a bounce is about."""
        if found.is_bounce:
            told = [MailAddress(bounce.email) for bounce in found.bounces]
        elif is_ours:
            told = [*found.to, *found.cc, *found.bcc]
        else:
            told = [found.from_]
        outside = (one for one in told if one.email not in self.users)
        people = [Someone(email=_normal(one.email), name=one.name) for one in outside]
        return [one for one in people if one.email][:_MOST_PEOPLE]

    def _someone(self, said: Said) -> Someone:
        found = someone(said, self.task.country)
        if found == Someone():
            raise RefusedRow(_("It is not said with whom this happened."))
        return found

    def _direction(self, said: Said) -> str:
        written = _one(said, "direction")
        return _chosen(self.directions, written, _("direction")) if written else ""

    def _author(self, said: Said) -> int | None:
        written = _one(said, "by")
        found = self.users.get(written.lower())
        if written and found is None:
            raise RefusedRow(_("Nobody called “%s” works here.") % written[:60])
        return found or (self.task.by.pk if self.task.by else None)

    def _placed(self, when: datetime) -> datetime:
        return when if when.tzinfo else when.replace(tzinfo=self.zone)


def _one(said: Said, name: str) -> str:
    return said[name][0][0] if name in said else ""


def _key(said: Said, kind: str, name: str) -> int | None:
    written = _one(said, name)
    key = ids.decode(kind, written) if written else None
    if written and key is None:
        raise RefusedRow(_("“%s” is not an identifier of ours.") % written[:30])
    return key


def _chosen(known: Mapping[str, str], written: str, what: str) -> str:
    if not written:
        return ""
    value = known.get(folded(written), known.get(written, ""))
    if not value:
        raise RefusedRow(_("“%(value)s” is no %(what)s.") % {"value": written[:40], "what": what})
    return value


def _believable(when: datetime) -> datetime:
    if when.year < 1900 or when > timezone.now() + timedelta(minutes=5):
        raise RefusedRow(_("This date lies before 1900 or in the future."))
    return when


def _print_of(told: ToldRow) -> str:
    """What makes two rows the same telling: loading a file twice records nothing twice."""
    parts: Collection[object] = (told.kind, told.occurred_at, told.people, told.subject, told.body)
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:40]


def _normal(address: str) -> str:
    try:
        return emails.normalise(address)
    except Invalid:
        return ""


def _nobody(found: Mail) -> str:
    if found.is_bounce:
        return _(
            "A mail server reports something here, but names nobody whom we could relate it to."
        )
    if found.from_.email and not _normal(found.from_.email):
        return _("Its sender's address cannot be used: “%s”.") % found.from_.email[:60]
    if found.from_.email:
        return _("Nobody outside the house stands on this mail.")
    return _("Its sender's address cannot be read: “%s”.") % found.from_.name[:60]


def _data(found: Mail) -> dict[str, Any]:
    """What else of a mail is kept with it."""
    data: dict[str, Any] = {
        "message_id": found.message_id,
        "from": found.from_.email,
        "to": [one.email for one in found.to][:_MOST_PEOPLE],
        "cc": [one.email for one in found.cc][:_MOST_PEOPLE],
        "in_reply_to": found.in_reply_to,
        "references": list(found.references)[-20:],
        "files": [
            {"name": file.name, "type": file.content_type, "size": len(file.content)}
            for file in found.attachments[:50]
        ],
        "is_automatic": found.is_automatic,
        "is_bounce": found.is_bounce,
        "date_is_unknown": found.date is None,
    }
    return {name: _storable(value) for name, value in data.items() if value}


def _may_be_kept(file: MailFile) -> bool:
    return 0 < len(file.content) <= settings.FILE_LIMIT


def _storable(value: Any) -> Any:
    """Texts without what a database cannot keep."""
    if isinstance(value, str):
        return salvage(value, limit=500)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return {k: _storable(v) for k, v in value.items()} if isinstance(value, dict) else value
