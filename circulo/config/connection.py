"""The web server's side of a client's connection."""

import contextlib
import socket
from typing import Any

from gunicorn.workers.sync import SyncWorker

SLOWEST_PEER = 20.0


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


class Worker(SyncWorker):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's worker of one request at a time, with connections that do not hold it up."""

    def accept(self, listener: Any) -> None:
        client, address = listener.accept()
        with Connection(client.family, client.type, client.proto, client.detach()) as connection:
            connection.settimeout(SLOWEST_PEER)
            self.handle(listener, connection, address)
