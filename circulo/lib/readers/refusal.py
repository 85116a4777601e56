"""The one way in which a file is refused."""

from circulo.lib.errors import RuleBroken, Text


class Unreadable(RuleBroken):
    """A file, or one row of it, cannot be read; the text says what, why and how to mend it."""

    def __init__(self, message: Text, *, row: int | None = None) -> None:
        super().__init__(message, code="unreadable")
        self.row = row
