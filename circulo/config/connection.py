"""The web server's side of a client's connection."""

import contextlib
import json
import os
import select
import socket
import time
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.sync import SyncWorker

from circulo.config.words import gettext as _

# A filter of two hundred conditions takes a third of it; gunicorn itself knows no more than 8190.
LONGEST_LINE = 64 * 1024
SLOWEST_PEER = 10.0
LONGEST_SILENCE = 20.0


class Connection(socket.socket):
    """A client's socket that is closed at once when nothing of the request is left unread.

    gunicorn shuts the writing side down and waits up to two seconds for the client to close first.
    That spares a client the reset which would follow if unread bytes were thrown away; where there
    are none, the wait only keeps the worker from the next request.
    """

    def shutdown(self, how: int) -> None:
        if self.fileno() == -1 or not self._has_unread():
            raise OSError("nothing to wait for")
        super().shutdown(how)

    def _has_unread(self) -> bool:
        with contextlib.suppress(OSError):
            self.settimeout(0)
            return bool(self.recv(1, socket.MSG_PEEK))
        return False


class LongRequest(Request):  # type: ignore[misc]  # gunicorn carries no types
    """A request whose address may be as long as filters are."""

    def read_line(self, unreader: Any, buf: bytearray, limit: int = 0) -> Any:
        try:
            return super().read_line(unreader, buf, LONGEST_LINE)
        except LimitRequestLine as error:
            error.is_of_the_api = buf.partition(b" ")[2].startswith(b"/api/")
            raise


RequestParser.mesg_class = LongRequest


class Worker(SyncWorker):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's worker of one request at a time, held up neither by the silent nor by the slow.

    Browsers open connections ahead of need and say nothing on them. Such a connection waits here,
    beside the door, until its first words come.
    """

    def run_for_one(self, timeout: float) -> None:
        self.waiting: dict[int, tuple[Connection, Any, float]] = {}
        door = self.sockets[0]
        poll = select.poll()
        for descriptor in (door.fileno(), self.PIPE[0]):
            poll.register(descriptor, select.POLLIN)
        while self.alive and self.is_parent_alive():
            self.notify()
            for descriptor, _event in poll.poll(1000 * min(timeout, LONGEST_SILENCE)):
                if descriptor == door.fileno():
                    self._welcome(door, poll)
                elif descriptor == self.PIPE[0]:
                    os.read(self.PIPE[0], 64)
                else:
                    self._answer(door, *self._called(descriptor, poll))
            self._see_out(poll)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """A program whose address is too long is told so as the API tells everything."""
        if not getattr(exc, "is_of_the_api", False):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Address too long from %s", addr[0] if addr else "")
        with contextlib.suppress(OSError):
            client.sendall(_too_long())

    def _welcome(self, door: Any, poll: select.poll) -> None:
        """Take who stands before the door; another worker may have been quicker."""
        try:
            client, address = door.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        known = Connection(client.family, client.type, client.proto, client.detach())
        if select.select([known], [], [], 0)[0]:
            self._answer(door, known, address)
        else:
            self.waiting[known.fileno()] = (known, address, time.monotonic())
            poll.register(known, select.POLLIN)

    def _called(self, descriptor: int, poll: select.poll) -> tuple[Connection, Any]:
        poll.unregister(descriptor)
        known, address, _since = self.waiting.pop(descriptor)
        return known, address

    def _answer(self, door: Any, known: Connection, address: Any) -> None:
        with known:
            known.settimeout(SLOWEST_PEER)
            self.handle(door, known, address)

    def _see_out(self, poll: select.poll) -> None:
        """Nobody stands beside the door for ever."""
        too_long = time.monotonic() - LONGEST_SILENCE
        for descriptor, (_known, _address, since) in list(self.waiting.items()):
            if since < too_long or not self.alive:
                self._called(descriptor, poll)[0].close()


def _too_long() -> bytes:
    message = _("An address has at most %d bytes: ask for less in it.") % LONGEST_LINE
    told = {"error": {"code": "too_long", "message": message, "fields": {}}}
    body = json.dumps(told, ensure_ascii=False).encode()
    head = (
        "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
