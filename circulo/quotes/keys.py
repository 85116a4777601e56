"""The key of a quote's page on line, of which only the digest is kept."""

from __future__ import annotations

import hashlib

from django.conf import settings


def digest_of(key: str) -> str:
    """What is kept of the key in an address."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def address_of(key: str) -> str:
    """Where a customer finds their quote."""
    return f"{settings.BASE_URL}/q/{key}"
