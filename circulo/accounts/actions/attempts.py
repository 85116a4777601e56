"""Limits on what can be tried from outside, counted in the database for all processes together."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from circulo.accounts.models import Attempt

PEACE = timedelta(minutes=15)
LONGEST_WAIT = 60


def key(kind: str, about: str) -> str:
    """The name of a counter; what it is about is kept as a digest."""
    return f"{kind}:{hashlib.sha256(about.encode('utf-8', 'replace')).hexdigest()}"


@transaction.atomic
def may_try(name: str, *, free: int) -> bool:
    """Count one more try and say whether it may go on.

    After `free` tries each one has to wait longer than the one before it: 1, 2, 4 … 60 seconds
    since the last. A try that comes too early is refused unseen, so that guessing is slow although
    no process of ours ever sleeps; it does not make the wait any longer. A quarter of an hour of
    peace, or a right password, begins anew.
    """
    attempt = _locked(name)
    now = timezone.now()
    if now - attempt.last_at > PEACE:
        attempt.count = 0
    if now < attempt.last_at + _wait(attempt.count - free):
        return False
    _count(attempt, now)
    return True


@transaction.atomic
def within(name: str, *, limit: int, window: timedelta) -> bool:
    """Count one more, and say whether there were at most `limit` of them in this window."""
    attempt = _locked(name)
    now = timezone.now()
    if now - attempt.since > window:
        attempt.count, attempt.since = 0, now
    _count(attempt, now)
    return attempt.count <= limit


def forgive(name: str) -> None:
    """Forget the tries: the last one was right."""
    Attempt.objects.filter(key=name).delete()


def _locked(name: str) -> Attempt:
    """The counter, ours until the transaction ends. Whoever waited for it looks at the clock after:
    what was counted meanwhile was counted before.
    """
    now = timezone.now()
    new = Attempt(key=name, since=now, last_at=now)
    Attempt.objects.bulk_create([new], ignore_conflicts=True)
    return Attempt.objects.select_for_update().get(key=name)


def _count(attempt: Attempt, now: datetime) -> None:
    attempt.count, attempt.last_at = attempt.count + 1, now
    attempt.save(update_fields=["count", "since", "last_at"])


def _wait(over: int) -> timedelta:
    return timedelta(seconds=0 if over <= 0 else min(2 ** min(over - 1, 10), LONGEST_WAIT))
