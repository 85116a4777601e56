"""Sending to an address that somebody else named, without being led into our own network.

The name is looked up once, every address it has must be public, and the socket that is used is the
one that was checked. Nothing is followed elsewhere, and all of it ends within a limit.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from urllib.parse import SplitResult, urlsplit

SECONDS = 10.0
# Ways of writing an IPv4 address as one of IPv6, which some networks translate back.
TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")]


class Refused(Exception):
    """The address is none that we send to."""


def parts_of(url: str, *, trusted: Collection[str] = ()) -> SplitResult:
    """The parts of an address that may be sent to: https, and nobody's password in it.

    What is `trusted` (`host` or `host:port`) may be plain http too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("not an address") from error
    schemes = ("https", "http") if is_trusted(parts, trusted) else ("https",)
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise Refused("not an https address")
    if parts.username is not None or parts.password is not None or not url.isascii():
        raise Refused("not a plain address")
    if any(letter <= " " or letter == "\x7f" for letter in url):
        raise Refused("not a plain address")
    return parts


def is_trusted(parts: SplitResult, trusted: Collection[str]) -> bool:
    """Whether the settings name this host."""
    return bool(parts.hostname) and (parts.hostname in trusted or parts.netloc in trusted)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    trusted: Collection[str] = (),
    seconds: float = SECONDS,
) -> int:
    """Send a body; the status of the answer. OSError where none came, Refused where not sent."""
    parts = parts_of(url, trusted=trusted)
    sock = _connected(parts, seconds, is_checked=not is_trusted(parts, trusted))
    deadline = time.monotonic() + seconds
    ends = threading.Timer(seconds, _cut, [sock])
    ends.daemon = True
    ends.start()
    try:
        status = _answer(parts, sock, body, headers)
        # Headers that were cut off read like headers that have ended.
        if time.monotonic() >= deadline:
            raise TimeoutError("too slow")
        return status
    except http.client.HTTPException as error:
        raise OSError(f"no answer of HTTP: {type(error).__name__}") from error
    finally:
        ends.cancel()
        sock.close()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or any(ip in net for net in TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def _connected(parts: SplitResult, seconds: float, *, is_checked: bool) -> socket.socket:
    """A socket to the host, each of whose addresses was checked."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if is_checked and not all(is_public(str(address[0])) for *_rest, address in found):
        raise Refused("leads to an address that is not public")
    failure: OSError = OSError("no address")
    for family, kind, protocol, _name, address in found:
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(seconds)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
            continue
        if parts.scheme == "https":
            return _secured(sock, host)
        return sock
    raise failure


def _secured(sock: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def _answer(
    parts: SplitResult, sock: socket.socket, body: bytes, headers: Mapping[str, str]
) -> int:
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.sock = sock
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    plain = {"Host": parts.netloc, "Connection": "close", **headers}
    connection.request("POST", target, body, plain)
    return connection.getresponse().status


def _cut(sock: socket.socket) -> None:
    """End whatever still waits on a socket: a server that dribbles holds nobody up."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        sock.close()
