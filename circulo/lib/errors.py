"""The refusals that every entrance knows how to tell a person."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
NEWER: Text = _(
    "Somebody saved a newer version meanwhile: load it and decide which values to keep."
)


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

    def in_words(self, labels: Mapping[str, object] | None = None) -> str:
        """All of it in one line, with the fields as `labels` calls them: every reason is a sentence
        of its own.
        """
        labels = labels or {}
        return " ".join(
            f"{labels.get(name, name)}: {why}" if name else str(why)
            for name, why in self.fields.items()
        )


class Stale(RuleBroken):
    """Somebody saved a newer version meanwhile; `current` says what stands now, by field."""

    def __init__(self, current: dict[str, object]) -> None:
        super().__init__(NEWER, code="stale")
        self.current = current


def refuse_stale(record: Any, version: int | None, names: Iterable[str]) -> None:
    """Stale where the version that was seen, if any is said, is not that of the locked record."""
    if version is not None and version != record.version:
        raise Stale({name: getattr(record, name) for name in names})
