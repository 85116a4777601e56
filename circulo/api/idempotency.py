"""The same call twice counts once: its first answer is kept with its effect and given again.

The key is claimed in the transaction of the effect. A second call that comes meanwhile waits in the
database for the first to end: then it finds the answer, or, where the first was refused and nothing
of it remains, is the first itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import orjson
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from circulo.api import calls
from circulo.records.rest.operations import JSON
from circulo.records.rest.refusals import Refused, bad_parameter

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT = ("ETag", "Location")
_CLAIM = """
    INSERT INTO api_storedanswer AS a (user_id, key, asked, status, headers, content, created_at)
    VALUES (%s, %s, %s, 0, '{}', '', now())
    ON CONFLICT (user_id, key) DO UPDATE
    SET asked = EXCLUDED.asked, status = 0, created_at = now()
    WHERE a.created_at < now() - interval '24 hours'
    RETURNING id
"""
_FORGET = "DELETE FROM api_storedanswer WHERE created_at < now() - interval '24 hours'"
_KEEP = "UPDATE api_storedanswer SET status = %s, headers = %s, content = %s WHERE id = %s"
_STORED = """
    SELECT asked, status, headers, content FROM api_storedanswer WHERE user_id = %s AND key = %s
"""


def once(request: HttpRequest, user: int, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Act, or give the stored answer to the first call with this key."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not 0 < len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise bad_parameter(HEADER, _("A key has 1 to 255 visible characters."))
    with transaction.atomic():
        claim = _claim(user, key, asked := _hash(request))
        if claim is None:
            return _again(user, key, asked)
        response = act()
        _keep(claim, response)
    return response


def forget() -> None:
    """Delete the answers that are not given again any more."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)


def _claim(user: int, key: str, asked: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [user, key, asked])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _keep(claim: int, response: HttpResponse) -> None:
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP, [response.status_code, orjson.dumps(headers).decode(), response.content, claim]
        )


def _again(user: int, key: str, asked: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [user, key])
        before, status, headers, content = cursor.fetchone()
    if before != asked:
        raise Refused(
            422, "key_reused", _("This Idempotency-Key belongs to a call that said something else.")
        )
    response = HttpResponse(bytes(content), status=status, headers=orjson.loads(headers))
    response.headers["Content-Type"] = JSON
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _hash(request: HttpRequest) -> str:
    """What was asked: method, address, the version it was meant for and the body."""
    asked = "\n".join(
        [str(request.method), request.get_full_path(), request.headers.get("If-Match", "")]
    )
    return hashlib.sha256(
        asked.encode("utf-8", "replace") + b"\n" + calls.body_of(request)
    ).hexdigest()
