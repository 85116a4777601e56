"""The process that holds open pages' streams: server-sent events fed by LISTEN/NOTIFY.

It knows nothing of Django or of rights: a web worker hands it a connection whose user it has
checked, with the topics to follow. So thousands of open pages cost one small process and no worker.
"""

import asyncio
import contextlib
import json
import logging
import os
import random
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from circulo.config import env, logs
from circulo.config.database import server
from circulo.lib.headers import HEADERS

CHANNEL = "circulo"
HEARTBEAT = 15.0
LONGEST_LIFE = 600.0
MOST_PER_USER = 20
LONGEST_PAUSE = 10.0
REMEMBERED_FOR = 900.0
log = logging.getLogger("circulo.live")


@dataclass(eq=False)
class Stream:
    """One open page."""

    client: socket.socket
    user: str
    topics: frozenset[str]


class Streams:
    """All open pages of this process, and what changed of late.

    A page is drawn before it can follow anything, and loses its stream now and then: what changed
    in between is told at once to whoever comes (back).
    """

    def __init__(self) -> None:
        self.all: set[Stream] = set()
        self.changed: dict[str, float] = {}
        self.knows_since = 0.0

    def open(self, client: socket.socket, user: str, topics: list[str], seen: float) -> bool:
        """Take a connection over, unless its user has too many already.

        `seen` is when the page last knew all there was to know, in seconds since 1970.
        """
        if sum(stream.user == user for stream in self.all) >= MOST_PER_USER:
            return False
        client.setblocking(False)
        with contextlib.suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
        stream = Stream(client, user, frozenset(topics))
        self.all.add(stream)
        loop = asyncio.get_running_loop()
        loop.add_reader(client, self._heard, stream)
        loop.call_later(LONGEST_LIFE * random.uniform(0.8, 1.0), self.close, stream)
        self._write(stream, _head() + _now())
        for topic in stream.topics:
            if seen < max(self.knows_since, self.changed.get(topic, 0.0)):
                self._write(stream, _changed(topic))
        return True

    def close(self, stream: Stream) -> None:
        """End a stream; the browser comes back by itself, and its rights are checked again."""
        if stream in self.all:
            self.all.discard(stream)
            asyncio.get_running_loop().remove_reader(stream.client)
            stream.client.close()

    def tell(self, topic: str) -> None:
        """Tell those who follow a topic that it changed."""
        self.changed[topic] = time.time()
        for stream in [stream for stream in self.all if topic in stream.topics]:
            self._write(stream, _changed(topic))

    def tell_everything(self) -> None:
        """After the database was away: whatever anybody follows may have changed."""
        self.knows_since = time.time()
        for stream in list(self.all):
            for topic in stream.topics:
                self._write(stream, _changed(topic))

    def beat(self) -> None:
        """Show proxies and browsers that the connection lives, and until when they know all."""
        for stream in list(self.all):
            self._write(stream, _now())

    def forget(self) -> None:
        """Let go what changed long ago: whoever was away that long asks for everything anew."""
        since = time.time() - REMEMBERED_FOR
        self.changed = {topic: at for topic, at in self.changed.items() if at >= since}
        self.knows_since = max(self.knows_since, since)

    def _write(self, stream: Stream, data: bytes) -> None:
        """What a reader cannot take at once, it does not get: it is closed and comes back."""
        if stream not in self.all:
            return
        try:
            whole = stream.client.send(data) == len(data)
        except OSError:
            whole = False
        if not whole:
            self.close(stream)

    def _heard(self, stream: Stream) -> None:
        """A browser has nothing more to say: it has gone."""
        with contextlib.suppress(BlockingIOError):
            try:
                if stream.client.recv(4096):
                    return
            except ConnectionError:
                pass
            self.close(stream)


def _head() -> bytes:
    lines = [
        "HTTP/1.1 200 OK",
        "Content-Type: text/event-stream; charset=utf-8",
        "Cache-Control: no-store",
        "X-Accel-Buffering: no",
        "Connection: close",
        *(f"{name}: {value}" for name, value in HEADERS.items()),
        "",
        "retry: 2000",
        "",
        "",
    ]
    return "\r\n".join(lines[:-3]).encode() + b"\r\n" + "\n".join(lines[-3:]).encode()


def _changed(topic: str) -> bytes:
    return f"event: changed\nid: {time.time()}\ndata: {topic}\n\n".encode()


def _now() -> bytes:
    """The id is the moment in full: rounded down it would lie before the change it follows."""
    return f"event: now\nid: {time.time()}\ndata:\n\n".encode()


async def _accept(listener: socket.socket, streams: Streams) -> None:
    """Take what web workers hand over, one message each."""
    loop = asyncio.get_running_loop()
    while True:
        worker, _ = await loop.sock_accept(listener)
        with worker:
            worker.settimeout(1)
            with contextlib.suppress(OSError, ValueError, KeyError):
                worker.send(_take(worker, streams))


def _take(worker: socket.socket, streams: Streams) -> bytes:
    data, descriptors, _, _ = socket.recv_fds(worker, 65536, 1)
    client = socket.socket(fileno=descriptors[0])
    asked: dict[str, Any] = json.loads(data)
    if streams.open(client, asked["user"], asked["topics"], asked["seen"]):
        return b"taken"
    client.close()
    return b"full"


async def _listen(streams: Streams) -> None:
    """Hear of changes; when the database goes away, come back with growing pauses."""
    pause = 0.2
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**server(), autocommit=True) as ear:
                await ear.execute(f"LISTEN {CHANNEL}")
                streams.tell_everything()
                pause = 0.2
                async for said in ear.notifies():
                    streams.tell(said.payload)
        except psycopg.Error as error:
            log.warning("The database is away: %s", error)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


async def _beat(streams: Streams) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT)
        streams.beat()
        streams.forget()


def _listener(path: Path) -> socket.socket:
    """Listen for web workers; only our own user reaches the socket."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        listener.bind(env.short(path))
    finally:
        os.umask(before)
    listener.listen(128)
    listener.setblocking(False)
    return listener


async def serve() -> None:
    """Hold streams until told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    streams = Streams()
    with _listener(env.home() / "live.sock") as listener:
        work = [_accept(listener, streams), _listen(streams), _beat(streams)]
        tasks = [asyncio.create_task(each) for each in work]
        ends = asyncio.create_task(stopping.wait())
        await asyncio.wait([*tasks, ends], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    logs.configure()
    asyncio.run(serve())
