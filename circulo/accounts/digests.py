"""The letter of the day: what is new for one person, of the kinds they want by mail.

The letter is noted with its Message-ID and what stands in it before it is sent, and as sent
afterwards. The row is held while it is sent, so that two workers never send it together. Where one
dies after the mail server took the letter and before that was noted, the same letter goes once more
under the same Message-ID: mail can do no better, and most mail programs show such a pair as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from circulo.accounts import notices, quiet
from circulo.accounts.models import Digest, Notification, User
from circulo.accounts.selectors import unmailed

MOST_IN_DIGEST = 100


def mail_digest(user: User, *, now: datetime, told_before: datetime | None = None) -> int:
    """Mail a person what is new, if today's letter is not sent yet; how much stands in it."""
    digest = _noted(user, now, told_before or now)
    return _sent(digest.pk, user, now) if digest is not None else 0


@transaction.atomic
def _noted(user: User, now: datetime, told_before: datetime) -> Digest | None:
    """The letter of today, made where there is something to say; one left unsent comes first."""
    day = quiet.day_of(user, now)
    known = Digest.objects.filter(user=user)
    left = known.filter(day=day).first() or known.filter(sent_at=None).order_by("day").first()
    if left is not None:
        return left
    keys = list(
        unmailed(user).filter(created_at__lte=told_before).values_list("pk", flat=True)
        [:MOST_IN_DIGEST]
    )  # fmt: skip
    if not keys:
        return None
    digest, is_new = Digest.objects.get_or_create(
        user=user, day=day, defaults={"message_id": make_msgid("digest", _domain())}
    )
    if is_new:
        Notification.objects.filter(pk__in=keys).update(mailed_at=now, digest=digest)
    return digest


@transaction.atomic
def _sent(key: int, user: User, now: datetime) -> int:
    """Send a letter that nobody else is sending or has sent; how much stands in it."""
    rows = Digest.objects.select_for_update(skip_locked=True).filter(pk=key, sent_at=None)
    digest = rows.first()
    if digest is None:
        return 0
    unread = digest.notifications.unread().order_by("pk")
    told = [row for row in notices.hide_unseen(user, unread) if not row.is_hidden]
    if told:
        _letter(user, told, digest.message_id).send()
    digest.sent_at = now
    digest.save(update_fields=["sent_at"])
    return len(told)


def _letter(user: User, told: Sequence[Notification], message_id: str) -> EmailMessage:
    with translation.override(user.language):
        links = [(row.text, settings.BASE_URL + row.open_url) for row in told]
        body = render_to_string("accounts/letters/digest.txt", {"user": user, "links": links,
                                "base": settings.BASE_URL})  # fmt: skip
        subject = ngettext("%d notification", "%d notifications", len(told)) % len(told)
        headers = {"Auto-Submitted": "auto-generated", "Message-ID": message_id}
        return EmailMessage(f"Círculo: {subject}", body, to=[user.email], headers=headers)


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
