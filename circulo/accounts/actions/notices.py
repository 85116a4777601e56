"""Telling people what concerns them, and keeping what they have read and want to hear."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, NamedTuple

import orjson
from django.db import models, transaction
from django.utils import timezone

from circulo.accounts import notices, prepared
from circulo.accounts.actions.devices import push_soon
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


@transaction.atomic(savepoint=False)
def notify(told: Sequence[Notice], *, by: User | None) -> int:
    """Tell people; never of their own acts, nor of what they chose not to hear. How many are new.

    What has a `source_key` is told once, however often this runs.
    """
    wanted = [notice for notice in told if by is None or notice.to != by.pk]
    silent = _silenced({notice.to for notice in wanted})
    rows = [_row(n, by) for n in wanted if (n.to, n.kind) not in silent]
    before = _told_already(rows)
    fresh = [row for row in rows if (row.to_id, row.source_key) not in before]
    _write(fresh)
    push_soon(fresh)
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


class Channels(NamedTuple):
    """Where somebody is told of a kind of thing: here, by mail, on their devices."""

    is_shown: bool
    is_mailed: bool
    is_pushed: bool


@transaction.atomic
def choose_notices(user: User, chosen: Mapping[str, Channels]) -> None:
    """Keep of which kinds a person wants to be told, and where."""
    rows = [
        NotificationChoice(user=user, kind=kind, **channels._asdict())
        for kind, channels in chosen.items()
        if kind in notices.kinds()
    ]
    NotificationChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["is_shown", "is_mailed", "is_pushed"],
    )
    live.publish(f"user:{user.opaque}")


@transaction.atomic
def mute_notices(user: User, kind: str) -> Channels:
    """Tell a person nothing more of a kind, anywhere; where they were told until now."""
    row = NotificationChoice.objects.select_for_update().filter(user=user, kind=kind).first()
    known = notices.kinds().get(kind)
    before = Channels(True, bool(known and known.is_mailed), bool(known and known.is_pushed))
    if row is not None:
        before = Channels(row.is_shown, row.is_mailed, row.is_pushed)
    choose_notices(user, {kind: Channels(False, False, False)})
    return before


@transaction.atomic
def choose_quiet_hours(user: User, begins: time | None, ends: time | None) -> None:
    """Keep during which hours a person is not to be disturbed; None for never."""
    user.quiet_from, user.quiet_until = (begins, ends) if begins != ends else (None, None)
    user.save(update_fields=["quiet_from", "quiet_until"])


_INSERT = """
INSERT INTO accounts_notification (to_id, kind, words, about_kind, about_id, url, by_id, source_key,
                                   created_at)
SELECT to_id, kind, words, about_kind, about_id, url, by_id, source_key, now()
FROM (SELECT * FROM json_to_recordset(%s)
      AS d(n integer, to_id bigint, kind text, words jsonb, about_kind text, about_id bigint,
           url text, by_id bigint, source_key text) ORDER BY n) d
ON CONFLICT (to_id, source_key) DO UPDATE SET source_key = EXCLUDED.source_key
RETURNING id, created_at
"""
_SAID = ("to_id", "kind", "words", "about_kind", "about_id", "url", "by_id", "source_key")


def _write(rows: Sequence[Notification]) -> None:
    """Write them, so that each knows its key; what another told meanwhile stays as it is."""
    if not rows:
        return
    said = [{"n": n, **{name: getattr(row, name) for name in _SAID}} for n, row in enumerate(rows)]
    written = prepared.run(_INSERT, [orjson.dumps(said, default=str).decode()])
    for row, (key, told_at) in zip(rows, written, strict=True):
        row.pk, row.created_at, row._state.adding = key, told_at, False


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
    """Who chose to hear nothing at all of a kind, nowhere."""
    return set(prepared.once("who is silent", _silent).run({prepared.KEYS: [*people]}))


def _silent() -> models.QuerySet[NotificationChoice, Any]:
    rows = NotificationChoice.objects.filter(
        user__in=prepared.among_keys(), is_shown=False, is_mailed=False, is_pushed=False
    )
    return rows.values_list("user_id", "kind")
