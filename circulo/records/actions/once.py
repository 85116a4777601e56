"""A form sent twice counts once: its key is kept with what it made, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from circulo.accounts.models import User
from circulo.records.models import SentForm

LONGEST = 80
_CLAIM = """
    INSERT INTO records_sentform (by_id, key, created_at) VALUES (%s, %s, now())
    ON CONFLICT (by_id, key) DO NOTHING RETURNING id
"""


def made_before(key: str, *, by: User) -> int | None:
    """What a form with this key made when it was sent the first time."""
    if not _is_key(key):
        return None
    return SentForm.objects.visible_to(by).filter(key=key).values_list("made", flat=True).first()


def make_once(key: str, make: Callable[[], int], *, by: User) -> int:
    """Make a record and keep its number; sent again meanwhile, the form waits for the first."""
    with transaction.atomic():
        claim = _claim(key, by) if _is_key(key) else None
        if claim is None and (made := made_before(key, by=by)) is not None:
            return made
        made = make()
        if claim is not None:
            SentForm.objects.filter(pk=claim).update(made=made)
    return made


def forget_forms() -> None:
    """Forget the forms of the day before yesterday: nobody sends them again."""
    SentForm.objects.filter(created_at__lt=timezone.now() - timedelta(days=2)).delete()


def _is_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST and key.isascii() and key.isprintable()


def _claim(key: str, by: User) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [by.pk, key])
        row = cursor.fetchone()
    return int(row[0]) if row else None
