"""A load generator of our own: one process, raw sockets, little work per request.

Eight clients each send a request as soon as the last one was answered, as `wrk` does. A server that
closes the connection after every answer is connected to again, and that counts.
"""

import contextlib
import os
import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

LARGEST_READ = 262_144
UNNUMBERED = b"X-Sent: 000000000"
_numbers = count(1)


@dataclass
class Result:
    """What came of a run."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0
    cpu_of_ours: float = 0.0
    cpu_of_database: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the requests stayed below."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        return 1000 * statistics.median(self.latencies) if self.latencies else float("nan")

    @property
    def said(self) -> str:
        """The latencies in words, and what went wrong."""
        failed = f", **{self.failed} failed {dict(self.statuses)}**" if self.failed else ""
        return (
            f"median {self.median:.1f} ms, p95 {self.percentile(0.95):.1f} ms, "
            f"{self.size / 1000:.1f} kB{self._cpu}{failed}"
        )

    @property
    def _cpu(self) -> str:
        """What a request costs where the machine is shared with others: CPU, not time."""
        ours, theirs = self.cpu_of_ours, self.cpu_of_database
        if not ours or not self.latencies:
            return ""
        each = 1000 / len(self.latencies)
        could = (os.cpu_count() or 1) * len(self.latencies) / (ours + theirs)
        return (
            f"; CPU {ours * each:.2f} ms ours + {theirs * each:.2f} ms database, "
            f"so {could:.0f}/s with nothing else running"
        )

    @property
    def failed(self) -> int:
        """Answers that were no success; status 0 is a connection that broke."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)


class _Client:
    """One connection at a time, and the answer that is coming in on it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None
        self.began = 0.0
        self.received = b""

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self.received = b""
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        numbered = b"X-Sent: %09d" % next(_numbers)
        self.socket.sendall(request.replace(UNNUMBERED, numbered, 1))

    def take(self) -> int | None:
        """What has come in; the status once the answer is whole."""
        assert self.socket
        try:
            chunk = self.socket.recv(LARGEST_READ)
        except OSError:
            chunk = b""
        self.received += chunk
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None if chunk else self.leave(0)
        length = _header(head, b"content-length")
        if chunk and (length is None or len(body) < int(length)):
            return None
        status = int(head[9:12])
        return self.leave(status) if _header(head, b"connection") == b"close" else status

    def leave(self, status: int) -> int:
        with contextlib.suppress(OSError):
            if self.socket:
                self.socket.close()
        self.socket = None
        return status


def drive(
    address: tuple[str, int],
    requests: Iterator[bytes],
    *,
    clients: int = 8,
    seconds: float = 5.0,
    most: int = 1_000_000,
) -> Result:
    """Send requests from so many clients for so long, or until there are no more."""
    waiting = selectors.DefaultSelector()
    result, began = Result(0.0), time.perf_counter()
    idle = [_Client(address) for _number in range(clients)]
    left = _within(requests, began + seconds, most)
    while True:
        while idle and (request := next(left, None)) is not None:
            client = idle.pop()
            client.send(request)
            assert client.socket
            waiting.register(client.socket, selectors.EVENT_READ, client)
        if not waiting.get_map():
            break
        for key, _events in waiting.select(30):
            _answered(key, waiting, result, idle)
    result.seconds = time.perf_counter() - began
    for client in idle:
        client.leave(0)
    return result


def _answered(
    key: selectors.SelectorKey,
    waiting: selectors.BaseSelector,
    result: Result,
    idle: list[_Client],
) -> None:
    client: _Client = key.data
    status = client.take()
    if status is None:
        return
    waiting.unregister(key.fileobj)
    result.latencies.append(time.perf_counter() - client.began)
    result.statuses[status] += 1
    result.size = len(client.received)
    idle.append(client)


def _within(requests: Iterator[bytes], deadline: float, most: int) -> Iterator[bytes]:
    for number, request in enumerate(requests):
        if number >= most or time.perf_counter() >= deadline:
            return
        yield request


def _header(head: bytes, name: bytes) -> bytes | None:
    """The value of a header, in small letters."""
    place = head.lower().find(b"\r\n" + name + b":")
    if place < 0:
        return None
    return head[place + len(name) + 3 :].partition(b"\r\n")[0].strip().lower()
