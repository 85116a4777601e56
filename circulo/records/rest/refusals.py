"""The ways in which the API says no."""

from __future__ import annotations

from typing import Any

from circulo.lib.errors import Text


class Refused(Exception):
    """An answer other than success, as `{"error": {"code", "message", "fields"}}`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: Text,
        *,
        fields: dict[str, Text] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.fields, self.headers = fields or {}, headers or {}
        self.more: dict[str, Any] = {}


def bad_parameter(name: str, why: Text) -> Refused:
    """A part of the address that cannot be used."""
    return Refused(400, "bad_parameter", why, fields={name: why})


def not_found(message: Text) -> Refused:
    """What is not there, or not for this person."""
    return Refused(404, "not_found", message)


def forbidden(message: Text) -> Refused:
    """What this person sees but may not do."""
    return Refused(403, "forbidden", message)


def stale(message: Text, *, current: dict[str, Any], yours: dict[str, Any], etag: str) -> Refused:
    """Somebody saved a newer version: both values, so that a person can choose."""
    refused = Refused(409, "stale", message, headers={"ETag": etag})
    refused.more = {"current": current, "yours": yours}
    return refused
