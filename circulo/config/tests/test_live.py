"""Live updates through the real web server: who may follow a topic hears of it within a moment."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from circulo.accounts.models import User
from circulo.config.env import CHECKOUT
from circulo.config.live import REMEMBERED_FOR, Streams, _changed
from circulo.config.tests.conftest import eventually
from circulo.testing import homes
from circulo.testing.database import address
from circulo.testing.make import make_user
from circulo.web import live

pytestmark = pytest.mark.django_db(transaction=True)


class Site:
    """A web server and the live process of a data folder."""

    def __init__(self, port: int) -> None:
        self.port = port

    def follow(
        self, *topics: str, session: str = "", ago: object = "", last: str = ""
    ) -> socket.socket:
        """Ask for a stream and leave the connection open."""
        query = "&".join(
            [*(f"topic={topic}" for topic in topics), *([f"ago={ago}"] if ago else [])]
        )
        lines = [f"GET /live?{query} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"Last-Event-ID: {last}"] if last else []
        lines += [f"Cookie: {settings.SESSION_COOKIE_NAME}={session}"] if session else []
        stream = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        stream.sendall("\r\n".join([*lines, "", ""]).encode())
        return stream


def heard(stream: socket.socket, what: bytes) -> bytes:
    """Read until the stream has said it; what was said so far."""
    said = b""
    while what not in said:
        part = stream.recv(4096)
        assert part, said
        said += part
    return said


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[Site]:
    """One for all tests: each has a person of its own."""
    with homes.empty() as home, socket.create_server(("127.0.0.1", 0)) as listener:
        environment = {
            **os.environ,
            "CIRCULO_HOME": str(home),
            "DATABASE_URL": address(),
            "CIRCULO_BIND": f"fd://{listener.fileno()}",
            "CIRCULO_WEB_WORKERS": "1",
            "CIRCULO_SECRET_KEY": settings.SECRET_KEY,
        }
        commands = [
            ["-m", "circulo.config.live"],
            ["-m", "gunicorn", "-c", "python:circulo.config.tests.echo", "circulo.config.wsgi"],
        ]
        running = [
            subprocess.Popen(
                [sys.executable, *command],
                cwd=CHECKOUT,
                env=environment,
                pass_fds=[listener.fileno()],
            )
            for command in commands
        ]
        eventually(lambda: (home / "live.sock").exists())
        yield Site(listener.getsockname()[1])
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(15)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_who_follows_a_topic_hears_that_it_changed(site: Site) -> None:
    session = session_of(make_user())
    with site.follow("echo:yes", "echo:no", session=session) as stream:
        head = heard(stream, b"retry:")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"text/event-stream" in head
        assert b"no-store" in head
        assert b"default-src 'self'" in head

        live.publish("echo:no")
        live.publish("echo:yes")

        said = heard(stream, b"data: echo:yes\n\n")
        assert b"event: changed\n" in said
        assert b"echo:no" not in said


def test_who_comes_later_hears_what_changed_since_the_page_was_drawn(site: Site) -> None:
    session = session_of(make_user())
    with site.follow("echo:yes", session=session) as first:
        heard(first, b"event: now")
        live.publish("echo:yes")
        (last,) = re.findall(rb"id: (\S+)\ndata: echo:yes", heard(first, b"echo:yes\n\n"))
    with site.follow("echo:yes", session=session, ago=60_000) as drawn_before:
        heard(drawn_before, b"data: echo:yes\n\n")

    up_to_date = [
        site.follow("echo:yes", session=session, ago=said) for said in ("", "0", "-5", "nan", "x")
    ]
    up_to_date.append(site.follow("echo:yes", session=session, last=last.decode()))
    up_to_date.append(site.follow("echo:yes", session=session, last="9" * 400))
    began = [heard(stream, b"event: now") for stream in up_to_date]
    live.publish("echo:yes")
    for head, stream in zip(began, up_to_date, strict=True):
        assert (head + heard(stream, b"echo:yes\n\n")).count(b"event: changed") == 1
        stream.close()


def test_what_changed_long_ago_is_forgotten_and_whoever_was_away_hears_of_all() -> None:
    streams = Streams()
    streams.tell("echo:old")
    streams.changed["echo:old"] -= 2 * REMEMBERED_FOR
    streams.tell("echo:new")
    streams.forget()

    assert list(streams.changed) == ["echo:new"]
    assert time.time() - REMEMBERED_FOR - 5 < streams.knows_since < time.time()


def test_an_event_is_stamped_no_earlier_than_the_change_it_tells_of() -> None:
    streams = Streams()
    for _turn in range(50):
        streams.tell("echo:yes")
        (stamp,) = re.findall(rb"id: (\S+)", _changed("echo:yes"))
        assert float(stamp) >= streams.changed["echo:yes"]


def test_a_stream_holds_no_worker(site: Site) -> None:
    session = session_of(make_user())
    streams = [site.follow("echo:yes", session=session) for _ in range(5)]
    for stream in streams:
        heard(stream, b"retry:")
    with site.follow("echo:yes") as stranger:
        assert heard(stranger, b"\r\n").startswith(b"HTTP/1.1 204")
    live.publish("echo:yes")
    for stream in streams:
        heard(stream, b"echo:yes")
        stream.close()


def test_a_user_may_not_hold_streams_without_end(site: Site) -> None:
    session = session_of(make_user())
    streams = []
    for _ in range(20):
        streams.append(site.follow("echo:yes", session=session))
        heard(streams[-1], b"retry:")
    with site.follow("echo:yes", session=session) as one_too_many:
        assert heard(one_too_many, b"\r\n").startswith(b"HTTP/1.1 204")
    for stream in streams:
        stream.close()
    with site.follow("echo:yes", session=session) as again:
        heard(again, b"HTTP/1.1 200")


def test_a_topic_of_nobody_is_followed_by_nobody(client: Client) -> None:
    assert not live.may_follow(make_user(), "nothing:1")
    assert not live.may_follow(make_user(), "nothing")
    assert client.get("/live?topic=nothing:1").status_code == 204
