"""The browsers that people are told on while no page is open: named, forgotten, written to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circulo.accounts import notices, prepared
from circulo.accounts.models import Notification, NotificationChoice, PushDevice, Session, User
from circulo.accounts.sessions import digest
from circulo.lib import outgoing, webpush
from circulo.lib.errors import Invalid
from circulo.lib.later import later
from circulo.lib.webpush import Subscription

MOST_DEVICES = 20


@transaction.atomic
def add_device(
    user: User, said: Subscription, *, session: Session | None, agent: str
) -> PushDevice:
    """Tell a person on this browser from now on; whoever it belonged to before is told no more."""
    try:
        outgoing.parts_of(said.endpoint, trusted=settings.PUSH_HOSTS)
        webpush.check(said)
    except (outgoing.Refused, webpush.Unfit) as wrong:
        raise Invalid({"": _("This browser said nothing that we can write to.")}) from wrong
    held = user.devices.exclude(endpoint=said.endpoint)
    if held.count() >= MOST_DEVICES:
        raise Invalid({"": _("You have %d devices already: remove one first.") % MOST_DEVICES})
    device, _made = PushDevice.objects.update_or_create(
        endpoint=said.endpoint,
        defaults={"user": user, "session": session, "agent": agent[:200],
                  "p256dh": said.p256dh, "auth": said.auth},
    )  # fmt: skip
    return device


@transaction.atomic
def remove_device(device: PushDevice) -> None:
    """Tell nobody anything on a browser any more."""
    device.delete()


@transaction.atomic
def carry_devices(user: User, *, since: str, to: str) -> None:
    """Tie the devices of a session to the one that takes its place, once `to` is its key.

    Called before with an empty `to`, it keeps them from ending with the session.
    """
    held = PushDevice.objects.filter(user=user, session=digest(since) if since else None)
    held.update(session=digest(to) if to else None)


def push_soon(rows: Sequence[Notification]) -> None:
    """Have what people were just told sent to their devices: one message each for each act."""
    people = {row.to_id for row in rows}
    devices = prepared.once("devices of people", _devices).run({prepared.KEYS: [*people]})
    wanted: dict[int, list[int]] = {}
    for row in rows:
        wanted.setdefault(row.to_id, []).append(row.pk)
    for user, device in devices:
        later("accounts.push_news", device_id=device, first=min(wanted[user]),
              last=max(wanted[user]))  # fmt: skip


def _devices() -> QuerySet[PushDevice, Any]:
    rows = PushDevice.objects.filter(user__in=prepared.among_keys())
    return rows.values_list("user_id", "pk")


def pushed_kinds(user: User) -> list[str]:
    """Of what a person is told on their devices."""
    chosen = dict(NotificationChoice.objects.filter(user=user).values_list("kind", "is_pushed"))
    return [name for name, kind in notices.kinds().items() if chosen.get(name, kind.is_pushed)]
