"""Writing to the devices of a person, from the worker: never in their quiet hours, nor of what they
may not see (any more), have read already, or do not want to hear there.

Under its `tag` a message that comes twice takes the place of the first, so that a worker that died
in between disturbs nobody twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from circulo.accounts import notices, quiet
from circulo.accounts.actions.devices import pushed_kinds
from circulo.accounts.models import Notification, PushDevice, User
from circulo.lib import later, outgoing, webpush

MOST_AT_ONCE = 200
GONE = (404, 410)
TAKEN = range(200, 300)
SHORT = 300


class NotTaken(Exception):
    """The push service could not take the message now: it is tried again."""


def push_news(device: PushDevice, *, first: int, last: int, now: datetime) -> bool:
    """Send to one device what is new from the first notification to the last; whether it was sent.

    In quiet hours it is put off to their end, and then all that came meanwhile is one message.
    """
    over = quiet.quiet_until(device.user, now)
    if over is not None:
        later.at(over, "accounts.push_news", once=str(device.pk), device_id=device.pk, first=first,
                 last=0)  # fmt: skip
        return False
    told = _news(device.user, first, last)
    return bool(told) and _send(device, told, now)


def _news(user: User, first: int, last: int) -> list[Notification]:
    rows = Notification.objects.visible_to(user).unread().filter(pk__gte=first)
    rows = rows.filter(pk__lte=last) if last else rows
    rows = rows.filter(kind__in=pushed_kinds(user)).order_by("-pk")[:MOST_AT_ONCE]
    return [row for row in notices.hide_unseen(user, rows) if not row.is_hidden]


def _send(device: PushDevice, told: Sequence[Notification], now: datetime) -> bool:
    message = json.dumps(_message(device.user, told), ensure_ascii=False).encode()
    subscription = device.subscription
    headers = webpush.headers(
        subscription, key=settings.PUSH_KEY, contact=_contact(), now=now,
        topic=told[0].public_id,
    )  # fmt: skip
    try:
        status = outgoing.post(
            device.endpoint, webpush.encrypted(message, subscription), headers,
            trusted=settings.PUSH_HOSTS,
        )  # fmt: skip
    except outgoing.Refused:
        device.delete()
        return False
    if status in GONE:
        device.delete()
        return False
    if status not in TAKEN:
        raise NotTaken(f"the push service answered {status}")
    PushDevice.objects.filter(pk=device.pk).update(told_at=now)
    return True


def _message(user: User, told: Sequence[Notification]) -> dict[str, str]:
    """What a device shows: the text that the bell shows too, and no more."""
    with translation.override(user.language):
        text = told[0].text
        if len(told) > 1:
            text = ngettext("%d notification", "%d notifications", len(told)) % len(told)
    url = told[0].open_url if len(told) == 1 else "/notifications"
    return {"title": "Círculo", "body": text[:SHORT], "url": url, "tag": told[0].public_id}


def _contact() -> str:
    """Whom a push service writes to when something of ours troubles it."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    return settings.BASE_URL if settings.SECURE else f"mailto:{address}"
