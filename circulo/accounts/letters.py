"""The mails of this app to the people who work here."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circulo.accounts.actions.entrances import make_link
from circulo.accounts.models import Notification, User
from circulo.accounts.selectors import unmailed

MOST_IN_DIGEST = 100


@transaction.atomic
def mail_digest(user: User, *, now: datetime) -> int:
    """Mail a person what is new since the last time, of the kinds they want by mail; how many."""
    rows = list(unmailed(user)[:MOST_IN_DIGEST])
    if not rows:
        return 0
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)
    with translation.override(user.language):
        links = [(row.text, settings.BASE_URL + (row.url or "/notifications")) for row in rows]
        body = render_to_string("accounts/letters/digest.txt", {"user": user, "links": links,
                                "base": settings.BASE_URL})  # fmt: skip
        subject = ngettext("%d notification", "%d notifications", len(rows)) % len(rows)
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(f"Círculo: {subject}", body, to=[user.email], headers=headers).send()
    return len(rows)


def mail_link(user: User, purpose: str, *, by: User | None = None) -> None:
    """Mail a person the link with which they choose a password, in their own language."""
    with translation.override(user.language):
        link = make_link(user, purpose, by=by)
        body = render_to_string(
            f"accounts/letters/{purpose}.txt", {"user": user, "link": link, "by": by}
        )
        subject = _("Choose a new password") if purpose == "reset" else _("Welcome to Círculo")
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subject, body, to=[user.email], headers=headers).send()
