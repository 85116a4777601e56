"""Telling people what concerns them, and keeping what they have read and want to hear."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone

from circulo.accounts import notices
from circulo.accounts.models import Notification, NotificationChoice, User
from circulo.lib import ids
from circulo.web import live


@dataclass(frozen=True)
class Notice:
    """What one person is to be told."""

    kind: str
    to: int
    words: Mapping[str, str] = field(default_factory=dict)
    about: models.Model | None = None
    url: str = ""
    source_key: str | None = None


@transaction.atomic
def notify(told: Sequence[Notice], *, by: User | None) -> int:
    """Tell people; never of their own acts, nor of what they chose not to hear. How many are new.

    What has a `source_key` is told once, however often this runs.
    """
    wanted = [notice for notice in told if by is None or notice.to != by.pk]
    silent = _silenced({notice.to for notice in wanted})
    rows = [_row(n, by) for n in wanted if (n.to, n.kind) not in silent]
    before = _told_already(rows)
    fresh = [row for row in rows if (row.to_id, row.source_key) not in before]
    Notification.objects.bulk_create(fresh, ignore_conflicts=True)
    for key in {row.to_id for row in fresh}:
        live.publish(f"user:{ids.encode('user', key)}")
    return len(fresh)


@transaction.atomic
def read_notices(user: User, keys: Collection[int] | None = None) -> int:
    """Mark some notifications as read, or all of them; how many were not yet."""
    unread = Notification.objects.visible_to(user).unread()
    if keys is not None:
        unread = unread.filter(pk__in=keys)
    count = unread.update(read_at=timezone.now())
    if count:
        live.publish(f"user:{user.opaque}")
    return count


@transaction.atomic
def choose_notices(user: User, chosen: Mapping[str, tuple[bool, bool]]) -> None:
    """Keep of which kinds a person wants to be told, here and by mail."""
    rows = [
        NotificationChoice(user=user, kind=kind, is_shown=shown, is_mailed=mailed)
        for kind, (shown, mailed) in chosen.items()
        if kind in notices.kinds()
    ]
    NotificationChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["is_shown", "is_mailed"],
    )


def _row(notice: Notice, by: User | None) -> Notification:
    about = notice.about
    return Notification(
        to_id=notice.to,
        kind=notice.kind,
        words=dict(notice.words),
        about_kind=about._meta.model_name or "" if about else "",
        about_id=about.pk if about else None,
        url=notice.url,
        by=by,
        source_key=notice.source_key,
    )


def _told_already(rows: Sequence[Notification]) -> set[tuple[int, str | None]]:
    keys = [row.source_key for row in rows if row.source_key]
    known = Notification.objects.filter(source_key__in=keys) if keys else ()
    return {(row.to_id, row.source_key) for row in known}


def _silenced(people: set[int]) -> set[tuple[int, str]]:
    """Who chose to hear nothing at all of a kind, neither here nor by mail."""
    rows = NotificationChoice.objects.filter(user__in=people, is_shown=False, is_mailed=False)
    return set(rows.values_list("user_id", "kind"))
