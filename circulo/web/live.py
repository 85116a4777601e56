"""Live updates: what an open page may follow, and telling it that something changed.

A topic is a kind and an id (`party:7f3k2m9qxa`). The app that owns the kind says who may follow it
(`register`). A stream is held by a process without Django (`circulo.config.live`); here the user is
checked and the client's connection handed over. `docs/decisions/0006-live-updates.md` says why.
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from circulo.web.answers import is_read

CHANNEL = "circulo"
MOST_TOPICS = 50
SILENT = b"retry: 5000\n\n"
HANDED_OVER = "circulo.handed_over"
_checks: dict[str, Callable[[Any, str], bool]] = {}


def register(kind: str, may_follow: Callable[[Any, str], bool]) -> None:
    """The app that owns a kind of topic says whether a user may follow the one with this id."""
    _checks[kind] = may_follow


def may_follow(user: Any, topic: str) -> bool:
    """Whether this user may hear that the thing behind the topic changed."""
    kind, separator, key = topic.partition(":")
    check = _checks.get(kind)
    return bool(separator and check and check(user, key))


def publish(*topics: str) -> None:
    """Tell everyone who follows one of these topics, once the transaction stands.

    Not inside it: PostgreSQL lets transactions that notify commit only one after the other.
    """
    transaction.on_commit(lambda: _notify(topics), robust=True)


@require_GET
def stream(request: HttpRequest) -> HttpResponse:
    """Hand the browser's connection to the live process, with the topics this user may follow.

    `ago` says how many milliseconds ago the page was drawn or last heard something.
    """
    client = request.META.get("gunicorn.socket")
    topics = request.GET.getlist("topic")[:MOST_TOPICS]
    user = getattr(request, "user", None)
    if client is None or not is_read(request) or user is None or not user.is_authenticated:
        return HttpResponse(status=204)
    allowed = [topic for topic in topics if may_follow(user, topic)]
    if not allowed:
        return HttpResponse(status=204)
    asked = {"user": str(user.pk), "topics": allowed, "seen": _seen(request)}
    return _hand_over(request, client, asked)


def _seen(request: HttpRequest) -> float:
    """When the page last knew all; a browser that comes back by itself names the last event."""
    now = time.time()
    try:
        last = request.headers.get("Last-Event-ID")
        seen = float(last) if last else now - float(request.GET.get("ago", 0)) / 1000
    except ValueError:
        return now
    return seen if 0 <= seen <= now else now


def _hand_over(request: HttpRequest, client: socket.socket, asked: dict[str, Any]) -> HttpResponse:
    answer = _send(json.dumps(asked).encode(), client)
    if answer == b"full":
        return HttpResponse(status=204)
    if answer != b"taken":
        return HttpResponse(SILENT, content_type="text/event-stream")
    request.META[HANDED_OVER] = True
    socket.close(client.detach())
    return HttpResponse(status=204)


def _send(message: bytes, client: socket.socket) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as live:
            live.settimeout(2)
            live.connect(settings.LIVE_SOCKET)
            socket.send_fds(live, [message], [client.fileno()])
            return live.recv(16)
    except OSError:
        return b""


def _notify(topics: tuple[str, ...]) -> None:
    sql = "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic"
    with connection.cursor() as cursor:
        cursor.execute(sql, [CHANNEL, list(topics)])
