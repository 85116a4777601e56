"""The secret address under which another calendar reads a person's agenda."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from circulo.accounts.actions import audit, hash_of
from circulo.accounts.models import Audit, User
from circulo.agenda.models import Feed

SEEN_EVERY = timedelta(hours=1)
LONGEST = 100


@transaction.atomic
def make_feed(*, by: User) -> str:
    """A new secret address; the one before it ends. The secret is given this once."""
    secret = secrets.token_urlsafe(32)
    Feed.objects.filter(user=by).delete()
    Feed.objects.create(user=by, digest=hash_of(secret))
    audit(Audit.What.TOKEN_MADE, by=by, about="calendar")
    return secret


@transaction.atomic
def revoke_feed(*, by: User) -> bool:
    """End the secret address; whether there was one."""
    count, _of = Feed.objects.filter(user=by).delete()
    if count:
        audit(Audit.What.TOKEN_REVOKED, by=by, about="calendar")
    return bool(count)


def feed_reader(secret: str) -> User | None:
    """Whose agenda this secret opens; None where it opens none any more."""
    if not secret or len(secret) > LONGEST:
        return None
    found = Feed.objects.filter(digest=hash_of(secret), user__is_active=True)
    feed = found.select_related("user__role", "user__team").first()
    if feed is None:
        return None
    now = timezone.now()
    if feed.read_at is None or now - feed.read_at > SEEN_EVERY:
        Feed.objects.filter(pk=feed.pk).update(read_at=now)
    return feed.user
