"""A push service for tests: a real HTTP server, and a browser that can open what it is sent."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import http_ece  # type: ignore[import-untyped]  # it has no types
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from circulo.lib.webpush import CURVE, Subscription


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def content(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


class PushService:
    """Takes messages for one browser, and opens them with the keys that only the browser has."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.status, self.location = 201, ""
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self._key, self._auth = ec.generate_private_key(CURVE), b"sixteen letters."

    @property
    def subscription(self) -> Subscription:
        """What a browser hands over when it subscribes."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(f"http://{self.host}/push/abc", text(point), text(self._auth))

    @property
    def said(self) -> list[dict[str, str]]:
        """What the browser reads."""
        return [json.loads(self._opened(body)) for _headers, body in self.taken]

    def _opened(self, body: bytes) -> bytes:
        return bytes(http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth))


def claims(headers: dict[str, str]) -> dict[str, Any]:
    """What we said of ourselves, once its signature was found to be that of the key beside it."""
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    head, body, sign = token.split(".")
    r, s = content(sign)[:32], content(sign)[32:]
    signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, content(key))
    public.verify(signature, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    found: dict[str, Any] = json.loads(content(body))
    return found


@contextmanager
def push_service() -> Iterator[PushService]:
    """A push service that runs for a while."""
    service: PushService

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.taken.append((dict(self.headers), body))
            self.send_response(service.status)
            if service.location:
                self.send_header("Location", service.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
