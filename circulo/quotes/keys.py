"""The key of a quote's page on line: of it only the digest is kept, and a seed it can be made from.

A key is made of its seed and of the secret of the installation, which is not in the database: who
reads the database alone cannot open a page, and whoever sends a quote again sends the same address.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from circulo.quotes.models import Quote

_SALT = "circulo.quotes.key"


def new_seed() -> str:
    """What a new key is made from."""
    return secrets.token_urlsafe(32)


def key_of(seed: str) -> str:
    """The key that a seed makes here."""
    made = salted_hmac(_SALT, seed, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode("ascii").rstrip("=")


def digest_of(key: str) -> str:
    """What is kept of the key in an address."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def address_of(key: str) -> str:
    """Where a customer finds their quote."""
    return f"{settings.BASE_URL}/q/{key}"


def link_of(quote: Quote) -> str:
    """The address of the page on line of a quote; empty where it has none, or one that was made
    without a seed or under another secret, and so is known to nobody here.
    """
    key = key_of(quote.seed) if quote.digest and quote.seed else ""
    return address_of(key) if key and digest_of(key) == quote.digest else ""
