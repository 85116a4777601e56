"""What is kept for programs: the members of their collections, the rest of their cards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet

from circulo.accounts.models import User
from circulo.dav.models import CardRest
from circulo.lib.compiled import compiled
from circulo.parties.models import Party

_DIFFERENCES = """
    WITH now(key, version) AS ({rows}), had AS (
        SELECT key, name, version, is_gone FROM dav_member WHERE user_id = %s AND collection = %s)
    SELECT COALESCE(now.key, had.key), now.version, had.name, had.is_gone
    FROM now FULL JOIN had ON had.key = now.key
    WHERE (now.key IS NULL AND NOT had.is_gone)
       OR (now.key IS NOT NULL AND (had.key IS NULL OR had.is_gone OR had.version <> now.version))
"""
_PUT = """
    INSERT INTO dav_member (user_id, collection, key, name, version, is_gone, step)
    SELECT %s, %s, d.key, d.name, COALESCE(d.version, ''), d.version IS NULL, nextval('dav_step')
    FROM (SELECT * FROM json_to_recordset(%s) AS r(key bigint, name text, version text)
          ORDER BY r.version IS NOT NULL, r.key) d
    ON CONFLICT (user_id, collection, key) DO UPDATE
    SET name = EXCLUDED.name, version = EXCLUDED.version, is_gone = EXCLUDED.is_gone,
        step = EXCLUDED.step
"""


@dataclass(frozen=True)
class Known:
    """A member as it is to be known from now on; without a version it is gone."""

    key: int
    name: str
    version: str | None


@dataclass(frozen=True)
class Shelf:
    """One collection of one person: the keys and versions of what is in it, and their names."""

    user: User
    collection: str
    rows: QuerySet[Any, Any]
    suffix: str
    kind: str


def refresh_members(shelf: Shelf, name_of: Any) -> int:
    """Bring what is known of a collection up to date; how many members changed.

    Whatever the reason is that somebody's collection changed (an edit, an undo, a bin, another
    owner, another right), it is found by comparing: one statement where nothing did.
    """
    if not _differences(shelf, name_of):
        return 0
    with transaction.atomic():
        hold_members(shelf)
        found = _differences(shelf, name_of)
        _put(shelf.user, shelf.collection, found)
    return len(found)


def hold_members(shelf: Shelf) -> None:
    """One at a time until the transaction ends: the steps become known in their order."""
    said = f"dav {shelf.user.pk} {shelf.collection}".encode()
    key = int.from_bytes(hashlib.sha256(said).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


@transaction.atomic
def name_member(shelf: Shelf, key: int, name: str) -> None:
    """Know a record by the name that a program gave it."""
    hold_members(shelf)
    _put(shelf.user, shelf.collection, [Known(key, name, "")])


@transaction.atomic
def drop_member(shelf: Shelf, key: int, name: str) -> None:
    """A program took this away: its name is free again."""
    hold_members(shelf)
    _put(shelf.user, shelf.collection, [Known(key, name, None)])


def keep_rest(party: Party, *, by: User, uid: str, lines: str) -> None:
    """Keep what a program wrote on a card and the party has no place for."""
    CardRest.objects.update_or_create(user=by, party=party, defaults={"uid": uid, "lines": lines})


def _differences(shelf: Shelf, name_of: Any) -> list[Known]:
    sql, parameters = compiled(shelf.rows)
    with connection.cursor() as cursor:
        cursor.execute(
            _DIFFERENCES.format(rows=sql), [*parameters, shelf.user.pk, shelf.collection]
        )
        found = cursor.fetchall()
    return [
        Known(key, name_of(key) if name is None or (is_gone and version) else name, version)
        for key, version, name, is_gone in found
    ]


def _put(user: User, collection: str, members: Sequence[Known]) -> None:
    rows = orjson.dumps([asdict(member) for member in members]).decode()
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [user.pk, collection, rows])
