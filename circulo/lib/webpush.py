"""Messages to browsers as push services take them: encrypted (RFC 8291), signed (RFC 8292)."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]  # it has no types
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
MOST_BYTES = 3000  # every push service takes so many
LIVES = timedelta(hours=12)


class Unfit(ValueError):
    """Keys of a subscription that are none."""


@dataclass(frozen=True)
class Subscription:
    """A browser that wants to be told: where, and the keys that only it can open."""

    endpoint: str
    p256dh: str
    auth: str


def check(subscription: Subscription) -> None:
    """Refuse keys that nothing can be encrypted for."""
    _recipient(subscription)


def encrypted(text: bytes, subscription: Subscription) -> bytes:
    """A message that only the browser of this subscription can read."""
    if len(text) > MOST_BYTES:
        raise ValueError("too long for a push message")
    public, auth = _recipient(subscription)
    return bytes(
        http_ece.encrypt(
            text,
            salt=secrets.token_bytes(16),
            private_key=ec.generate_private_key(CURVE),
            dh=public,
            auth_secret=auth,
            version="aes128gcm",
        )
    )


def headers(
    subscription: Subscription, *, key: str, contact: str, now: datetime, topic: str = ""
) -> dict[str, str]:
    """What goes beside it: who we are, how long it may wait, what it takes the place of."""
    parts = urlsplit(subscription.endpoint)
    claims: dict[str, str | int] = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + LIVES).timestamp()),
        "sub": contact,
    }
    said = {
        "Authorization": f"vapid t={_signed(claims, key)}, k={public_key(key)}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(timedelta(days=1).total_seconds())),
        "Urgency": "normal",
    }
    return said | ({"Topic": topic} if topic else {})


def public_key(key: str) -> str:
    """The public half of our key, as a browser subscribes to it."""
    public = _private(key).public_key()
    return _text(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(key, 16), CURVE)


def _signed(claims: dict[str, str | int], key: str) -> str:
    """The claims as a JSON Web Token under ES256."""
    parts = [{"typ": "JWT", "alg": "ES256"}, claims]
    said = ".".join(_text(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    r, s = decode_dss_signature(_private(key).sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{said}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _recipient(subscription: Subscription) -> tuple[bytes, bytes]:
    public, auth = _bytes(subscription.p256dh), _bytes(subscription.auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
    except ValueError as error:
        raise Unfit("p256dh") from error
    if len(auth) != 16 or len(public) != 65:
        raise Unfit("auth")
    return public, auth


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", True)
    except ValueError as error:
        raise Unfit("not base64url") from error


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
