"""What is wrong with a text of the merge language: where, what, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text, as people count: lines and columns from one."""

    line: int = 1
    column: int = 1


class MergeFault(Exception):
    """A text that cannot be merged; it says where, what is wrong there, and how to mend it."""

    def __init__(self, place: Place, what: str, how: str = "") -> None:
        super().__init__(what)
        self.place, self.what, self.how = place, what, how

    def __str__(self) -> str:
        where = _("Line %(line)d, column %(column)d:") % {
            "line": self.place.line,
            "column": self.place.column,
        }
        return " ".join(filter(None, (where, self.what, self.how)))


def place_of(text: str, at: int) -> Place:
    """The place of the letter with this number."""
    before = text[:at]
    return Place(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)
