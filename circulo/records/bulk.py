"""Acts on many records of a list: each app states its own in `bulk_acts.py`, found at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User

LONGEST_TAG = 50
Write = Callable[[Sequence[int], str, "User"], int]
Begin = Callable[[Sequence[int], str, "User"], str]
Fit = Callable[[Sequence[int], str, "User"], list[int]]
Choices = Callable[["User"], list[tuple[str, Text]]]


@dataclass(frozen=True)
class Act:
    """One act on many records. `choices` are its values; without them and `asks`, it needs none.

    `right` is asked of the kind of the list; `needs` is a right of another kind, and its act. What
    changes no record but begins a work of its own does so by `begin`, which gives its address.
    `fit` tells to which of some records it can be done as they stand, or Invalid why to none. What
    the choices leave out can be said as an `other` day, under that label. What
    `is_quick` is done to ticked rows without a question: the message that says so takes it back.
    """

    name: str
    label: Text
    mark: str
    right: str
    write: Write
    question: Text
    said: Text
    asks: Text = ""
    choices: Choices | None = None
    tone: str = ""
    field: str = ""
    help: Text = ""
    needs: tuple[str, str] | None = None
    begin: Begin | None = None
    fit: Fit | None = None
    is_quick: bool = False
    other: Text = ""
    order: int = 50

    @property
    def asks_further(self) -> bool:
        """Whether what it asks is only the first of two questions."""
        return self.name == "field" and not self.field

    def fitting(self, keys: Sequence[int], value: str, user: User) -> list[int]:
        """The records of these to which it can be done; Invalid where there is none such."""
        return self.fit(keys, value, user) if self.fit else list(keys)

    def is_open_to(self, user: User, name: str) -> bool:
        """Whether this person may do it with any record of a list."""
        is_allowed = user.may(resource(name).kind, self.right)
        return is_allowed and (self.needs is None or user.may(*self.needs))


_acts: dict[str, dict[str, Act]] = {}


def offer(names: Iterable[str], *acts: Act) -> None:
    """Offer acts in the lists of these names; called by an app's `bulk_acts.py`."""
    for name in names:
        known = _acts.setdefault(name, {}) | {act.name: act for act in acts}
        _acts[name] = dict(sorted(known.items(), key=lambda pair: pair[1].order))


def acts_of(name: str) -> dict[str, Act]:
    """The acts of a list by their names, in the order in which they are offered."""
    _discover()
    return _acts.get(name, {})


@cache
def _discover() -> None:
    autodiscover_modules("bulk_acts")


def tag_of(value: str) -> str:
    """A tag as somebody typed it for many records; Invalid where it is none."""
    try:
        tag = clean(value.replace(",", " "), limit=LONGEST_TAG)
    except Invalid as invalid:
        raise Invalid({"value": invalid.fields[""]}) from invalid
    if not tag:
        raise Invalid({"value": _("Write the tag.")})
    return tag


def change_nothing(keys: Sequence[int], value: str, user: User) -> int:
    """For acts that change no record."""
    return 0
