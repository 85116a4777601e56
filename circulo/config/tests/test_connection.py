"""The web server is not held up by those who connect and are silent, slow, or stay."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from circulo.config.env import CHECKOUT

REQUEST = b"GET /answer HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def application(environ: dict[str, object], start_response: object) -> list[bytes]:
    """Says yes, whatever it is asked, and reads nothing of what it is sent."""
    start_response("200 OK", [("Content-Length", "3")])  # type: ignore[operator]  # WSGI
    return [b"yes"]


@pytest.fixture
def port(home: Path) -> Iterator[int]:
    """The port of a web server with a single worker."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        options = ["-c", "python:circulo.config.tests.bare", "--no-control-socket"]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, f"{__name__}:application"],
            cwd=CHECKOUT,
            env={**os.environ, "CIRCULO_BIND": f"fd://{listener.fileno()}"},
            pass_fds=[listener.fileno()],
        )
        yield listener.getsockname()[1]
        server.terminate()
        server.wait(10)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def answer(line: socket.socket) -> bytes:
    said = b""
    while part := line.recv(4096):
        said += part
    return said


def test_silent_connections_hold_nobody_up(port: int) -> None:
    silent = [connected(port) for _ in range(5)]
    with connected(port) as line:
        line.sendall(REQUEST)
        assert answer(line).endswith(b"yes")
    for line in silent:
        line.sendall(REQUEST)
        assert answer(line).endswith(b"yes")
        line.close()


def test_a_client_that_stays_after_its_answer_holds_nobody_up(port: int) -> None:
    lines = [connected(port) for _ in range(3)]
    started = time.monotonic()
    for line in lines:
        line.sendall(REQUEST)
        assert answer(line).endswith(b"yes")
    assert time.monotonic() - started < 5
    for line in lines:
        line.close()


def test_what_was_sent_and_not_read_does_not_cut_the_answer_short(port: int) -> None:
    with connected(port) as line:
        line.sendall(
            b"POST /answer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 300000\r\n\r\n"
            + b"x" * 300_000
        )
        assert answer(line).endswith(b"yes")


def test_a_filter_of_two_hundred_conditions_fits_an_address(port: int) -> None:
    one = {"field": "needs.answer", "op": "contains", "value": "Aceitunas negras de Aragón"}
    address = "/api/v1/contacts?filter=" + quote(json.dumps({"all": [one] * 200}))
    with connected(port) as line:
        line.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert answer(line).endswith(b"yes")


@pytest.mark.parametrize("whole", [True, False])
def test_an_address_that_is_too_long_is_refused_as_the_api_refuses(port: int, whole: bool) -> None:
    end = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" if whole else b""
    with connected(port) as line:
        line.sendall(b"GET /api/v1/contacts?q=" + b"x" * 70_000 + end)
        head, _blank, body = answer(line).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 ") and b"application/json" in head
    assert json.loads(body)["error"]["code"] == "too_long"

    with connected(port) as line:
        line.sendall(b"GET /contacts?q=" + b"x" * 70_000 + end)
        assert answer(line).startswith(b"HTTP/1.1 414 ")
