"""Reads over mails, each within what a person may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circulo.channels.email.kinds import kinds
from circulo.channels.email.models import Mail
from circulo.lib import emails, ids

if TYPE_CHECKING:
    from circulo.accounts.models import User

TONES = {
    "waiting": "spark", "sending": "spark", "sent": "good", "refused": "bad", "in_doubt": "bad",
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A mail as a page shows it: whom it went to, and whom the mail server refused and why."""

    mail: Mail
    tone: str
    to: list[str]
    refused: list[tuple[str, str]]


def seen_mail(user: User, identifier: str, act: str = "view") -> Mail | None:
    """The mail of this identifier, where the person may do this with it."""
    rows = Mail.objects.visible_to(user, act).select_related("by")
    return rows.filter(pk=ids.decode("mail", identifier) or 0).first()


def page_of(user: User, mail: Mail) -> str:
    """The page of what a mail is about; the first page of the day where that is out of sight."""
    kind = kinds().get(mail.about_kind)
    record = kind.reachable(user, "view").filter(pk=mail.about_id).first() if kind else None
    return str(record.get_absolute_url()) if record else "/"


def mails_about(user: User, kind: str, key: int) -> list[Drawn]:
    """The mails about a record that this person sees, the newest first."""
    rows = Mail.objects.visible_to(user).about(kind, key).select_related("by")
    return [_drawn(user, mail) for mail in rows]


def mails_shown(user: User, kind: str, keys: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The mails about records that somebody was found to see, for other programs."""
    rows = Mail.objects.filter(about_kind=kind, about_id__in=keys).order_by("pk")
    found: dict[int, list[dict[str, Any]]] = {}
    for mail in rows.select_related("by"):
        found.setdefault(mail.about_id, []).append(mail_shown(user, mail))
    return found


def mail_shown(user: User, mail: Mail) -> dict[str, Any]:
    """A mail as other programs are shown it; addresses only where the role sees addresses."""
    return {
        "id": mail.public_id,
        "state": mail.state,
        "subject": mail.subject,
        "text": mail.text,
        "readers": [
            {"address": one["address"] if sees_addresses(user) else None, "name": one["name"],
             "part": one["part"], "state": one["state"], "said": _said(user, one)}
            for one in mail.readers
        ],
        "files": [one["name"] for one in mail.files],
        "by": mail.by.opaque if mail.by else None,
        "message_id": mail.message_id,
        "attempts": mail.attempts,
        "last_error": mail.last_error if sees_addresses(user) else "",
        "queued_at": mail.queued_at,
        "due_at": mail.due_at if mail.state == Mail.State.WAITING else None,
        "ended_at": mail.ended_at,
    }  # fmt: skip


def sees_addresses(user: User) -> bool:
    """Whether a person's role sees e-mail addresses of people and companies alike."""
    return not any("emails" in user.hidden_fields(kind) for kind in ("contacts", "companies"))


def _drawn(user: User, mail: Mail) -> Drawn:
    refused = [
        (_called(user, one), _said(user, one)) for one in mail.readers if one["state"] == "refused"
    ]
    return Drawn(mail, TONES[mail.state], [_called(user, one) for one in mail.readers], refused)


def _called(user: User, one: dict[str, str]) -> str:
    """A recipient in words: name and address, as far as the role sees them."""
    address = emails.shown(one["address"]) if sees_addresses(user) else ""
    if one["name"] and address:
        return f"{one['name']} <{address}>"
    return one["name"] or address or "…"


def _said(user: User, one: dict[str, str]) -> str:
    """The words of the mail server, which may repeat the address."""
    return one["said"] if sees_addresses(user) else one["said"][:3]
