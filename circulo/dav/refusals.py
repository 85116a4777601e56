"""The ways in which calendars and address books say no to programs."""

from __future__ import annotations

from circulo.lib.errors import Text


class Refused(Exception):
    """An answer other than success: the condition that is not fulfilled, and a text for people."""

    def __init__(
        self,
        status: int,
        message: Text,
        condition: str = "",
        *,
        inside: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.condition = status, message, condition
        self.inside, self.headers = inside, headers or {}
