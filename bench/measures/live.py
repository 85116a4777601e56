"""What a colleague logs, until it stands on the page of whoever looks at the same contact."""

import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse

from bench.figures import Figure
from bench.product import connect, dumps
from bench.world import World
from circulo.config.live import CHANNEL
from circulo.lib import ids

CALLS = 60
PATIENCE = 20.0
WORDS = "live-bench-"
ADD = """
INSERT INTO timeline_interaction (party_id, kind, channel, direction, occurred_at, recorded_at,
    subject, body, about_kind, data, is_private)
VALUES (%s, 'call', 'phone', 'out', now(), now(), '', %s, '', '{}', false)
"""
LATEST = """
SELECT kind, occurred_at, subject, body FROM timeline_interaction
WHERE party_id = %s ORDER BY occurred_at DESC, id DESC LIMIT 50
"""


def measure(world: World) -> list[Figure]:
    """From sending a call by API to the answer that the open page fetches when it hears of it."""
    key = world.contacts()[0]
    party = ids.decode("party", key)
    assert party
    took = []
    try:
        with _open_page(world, key) as page:
            for number in range(CALLS):
                took.append(_seconds(world, page, key, f"{WORDS}{number}-"))
        bare = _bare(party)
    finally:
        _forget(party)
    p95 = sorted(took)[int(0.95 * len(took))]
    return [
        Figure("live", "a colleague's call on the open page, p95", 1000 * p95, "ms", 2000,
               1000 * bare, "INSERT, NOTIFY, SELECT, median",
               note=f"median {1000 * statistics.median(took):.0f} ms")
    ]  # fmt: skip


@contextmanager
def _open_page(world: World, key: str) -> Iterator[socket.socket]:
    """The stream that a page of this contact follows."""
    stream = socket.create_connection(world.product.address, timeout=PATIENCE)
    with stream:
        stream.sendall(world.product.request(f"/live?topic=party:{key}", Cookie=world.cookie))
        _until(stream, b"event: now")
        yield stream


def _seconds(world: World, page: socket.socket, key: str, text: str) -> float:
    """One call: logged, heard of, fetched and found in the list of the latest."""
    began = time.monotonic()
    body = dumps({"party": key, "kind": "call", "body": text})
    with socket.create_connection(world.product.address, timeout=PATIENCE) as client:
        client.sendall(world.api("interactions", method="POST", body=body))
        _until(page, b"event: changed")
    fragment = world.page(reverse("timeline:timeline", args=[key]))
    with socket.create_connection(world.product.address, timeout=PATIENCE) as client:
        client.sendall(fragment)
        _until(client, text.encode())
    return time.monotonic() - began


def _until(stream: socket.socket, what: bytes) -> None:
    said = b""
    while what not in said:
        part = stream.recv(65536)
        if not part:
            raise RuntimeError(f"The connection ended before it said {what!r}: {said[-300:]!r}")
        said += part


def _bare(party: int) -> float:
    """Seconds for a row, a notification that another connection hears, and the latest rows."""
    took = []
    with connect() as writer, connect() as reader:
        reader.autocommit = True
        reader.execute(f"LISTEN {CHANNEL}")
        for number in range(CALLS):
            began = time.monotonic()
            writer.execute(ADD, [party, f"{WORDS}bare-{number}"])
            writer.execute("SELECT pg_notify(%s, 'bench')", [CHANNEL])
            writer.commit()
            next(reader.notifies(timeout=PATIENCE, stop_after=1))
            reader.execute(LATEST, [party]).fetchall()
            took.append(time.monotonic() - began)
    return statistics.median(took)


def _forget(party: int) -> None:
    with connect() as database:
        database.execute(
            "DELETE FROM timeline_interaction WHERE party_id = %s AND body LIKE %s",
            [party, f"{WORDS}%"],
        )
