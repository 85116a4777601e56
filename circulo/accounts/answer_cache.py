"""Answers that are given again as long as nothing at all was written since.

A cache that is exact. The statement that reads who asks also tells which state the database is in:
`pg_current_snapshot()` (PostgreSQL, "Transaction ID and Snapshot Information Functions") names the
transactions whose work can be seen. It changes when one that wrote ends, and at no other moment.
The same question, letter by letter, of the same person in the same state has the same answer, but
for what the clock says; so an answer is kept for seconds. Whatever is written, by whomever and
wherever, makes the state another one: there is nothing to invalidate and nothing to forget.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from time import time
from typing import Any, Concatenate, ParamSpec

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from circulo.accounts.models import User
from circulo.web.answers import is_unique
from circulo.web.middleware import CompressedPages

KEPT_FOR = 10.0
LARGEST = 1 << 20
ROOM = 8 << 20

P = ParamSpec("P")
Question = tuple[Any, ...]


@dataclass(frozen=True)
class _Kept:
    """An answer, the state in which it was true, and when it was made."""

    state: str
    at: float
    content: bytes
    headers: tuple[tuple[str, str], ...]
    secret: str | None

    def response(self, request: HttpRequest) -> HttpResponse:
        """A new one each time: what is around the view adds to it.

        Who has no cookie for forms yet is given the one that the forms of this answer go with.
        """
        if self.secret is not None:
            request.META |= {"CSRF_COOKIE": self.secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
        response = HttpResponse(self.content)
        for name, value in self.headers:
            response.headers[name] = value
        return response


class _Shelf:
    """The answers of this process: `ROOM` bytes of them, those that were used last."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Question, _Kept] = OrderedDict()
        self._size = 0

    def get(self, asked: Question, state: str) -> _Kept | None:
        """The answer that is still true."""
        known = self._answers.get(asked)
        if known is None:
            return None
        if known.state != state or not 0 <= time() - known.at <= KEPT_FOR:
            self._take_off(asked)
            return None
        self._answers.move_to_end(asked)
        return known

    def put(self, asked: Question, kept: _Kept) -> None:
        """Keep an answer; the ones that were not asked for longest make room."""
        self._take_off(asked)
        self._answers[asked] = kept
        self._size += len(kept.content)
        while self._size > ROOM:
            self._take_off(next(iter(self._answers)))

    def clear(self) -> None:
        """Keep nothing."""
        self._answers.clear()
        self._size = 0

    def _take_off(self, asked: Question) -> None:
        known = self._answers.pop(asked, None)
        self._size -= len(known.content) if known else 0


shelf = _Shelf()
_compressed = CompressedPages(lambda request: HttpResponse())


def cached(request: HttpRequest, user: User, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to a reading, made now or a moment ago in this very state of the database.

    Inside of a transaction nothing is kept: what it wrote itself is in no snapshot.
    """
    state = user.read_in_state
    if not state or connection.in_atomic_block:
        return make()
    asked = _question(request, user)
    known = shelf.get(asked, state)
    if known is not None:
        return known.response(request)
    response = make()
    if _may_be_kept(request, response):
        is_new = request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        secret = request.META["CSRF_COOKIE"] if is_new else None
        response = _compressed.process_response(request, response)
        headers = tuple(response.headers.items())
        shelf.put(asked, _Kept(state, time(), response.content, headers, secret))
    return response


def cached_page(view: Callable[Concatenate[Any, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that only shows; the person is logged in, and the decorator stands innermost."""

    @wraps(view)
    def answer(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return cached(request, request.user, lambda: view(request, *args, **kwargs))

    return answer


def _question(request: HttpRequest, user: User) -> Question:
    """All that was said by who asks: an answer may depend on any header."""
    said = [(name, value) for name, value in request.META.items() if name.startswith("HTTP_")]
    return (user.pk, request.META["REQUEST_METHOD"], request.get_full_path(), *said)


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Not what was refused or is sent in pieces, nor what is meant for one time only."""
    if response.status_code != 200 or isinstance(response, StreamingHttpResponse):
        return False
    is_for_once = response.cookies or is_unique(request)
    return not is_for_once and len(response.content) <= LARGEST
