"""What is sent to an address that somebody else named stays out of our own network."""

import socket
import threading
import time

import pytest

from circulo.lib import outgoing
from circulo.lib.outgoing import Refused, is_public, parts_of, post


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:7f00:1::", "::7f00:1",
    ],
)  # fmt: skip
def test_these_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_these_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/", "ftp://push.example/", "https:///abc", "https://a@push.example/",
        "https://a:b@push.example/", "https://push.example:0/", "https://push.example:99999/",
        "https://push.example/a b", "https://push.example/\r\nX: 1", "https://pûsh.example/", "",
        "https://[::1", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_these_are_no_addresses_to_send_to(url):
    with pytest.raises(Refused):
        parts_of(url)


def answers(*addresses):
    """A name server that says these."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    return lambda host, port, **more: found


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1")])
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(monkeypatch, addresses):
    monkeypatch.setattr(socket, "getaddrinfo", answers(*addresses))

    with pytest.raises(Refused):
        post("https://push.example/", b"", {})


def test_the_socket_that_was_checked_is_the_one_that_is_used(monkeypatch):
    """A name that leads elsewhere the second time is not asked a second time."""
    asked, gone_to = [], []

    class Socket(socket.socket):
        def connect(self, address):
            gone_to.append(address)
            raise OSError("far away")

    def look_up(host, port, **more):
        asked.append(host)
        return answers("8.8.8.8" if len(asked) == 1 else "127.0.0.1")(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "socket", Socket)

    with pytest.raises(OSError, match="far away"):
        post("https://push.example/", b"", {})
    assert (asked, gone_to) == (["push.example"], [("8.8.8.8", 443)])


def test_a_server_that_dribbles_is_left_alone_after_a_while():
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=dribble, args=[server])
        thread.start()
        host = f"127.0.0.1:{server.getsockname()[1]}"
        begun = time.monotonic()

        with pytest.raises(OSError):
            post(f"http://{host}/", b"x", {}, trusted=[host], seconds=0.3)

        assert time.monotonic() - begun < 2
        thread.join()


def dribble(server):
    """Answer with headers that never end, for as long as somebody listens."""
    client, _address = server.accept()
    with client, pytest.raises(OSError):
        client.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            client.sendall(b"X: 1\r\n")
            time.sleep(0.02)


def test_headers_that_were_cut_off_are_no_answer(monkeypatch):
    """The time is up for who asked, however late the thread that cuts gets to end."""

    def cut(sock):
        sock.shutdown(socket.SHUT_RDWR)
        time.sleep(0.5)

    monkeypatch.setattr(outgoing, "_cut", cut)

    test_a_server_that_dribbles_is_left_alone_after_a_while()
