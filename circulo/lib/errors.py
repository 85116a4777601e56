"""The refusals that every entrance knows how to tell a person."""

from django.utils.functional import Promise

Text = str | Promise


class RuleBroken(Exception):
    """A rule of the business says no. The text tells the user what, why and how to mend it."""

    def __init__(self, message: Text, code: str = "rule") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Invalid(Exception):
    """Values that cannot be accepted, by field; the empty name holds what concerns the whole."""

    def __init__(self, fields: dict[str, Text]) -> None:
        super().__init__(fields)
        self.fields = fields


class Stale(RuleBroken):
    """Somebody saved a newer version meanwhile; `current` says what stands now, by field."""

    def __init__(self, message: Text, current: dict[str, object]) -> None:
        super().__init__(message, code="stale")
        self.current = current
