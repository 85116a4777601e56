"""What files can belong to: each app says so for its own kinds in `files.py`, found at start-up.

Whoever may see the record may see its files; whoever may change it may add and delete them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from circulo.accounts.models import User


@dataclass(frozen=True)
class Parent:
    """A kind of record that has files: which of them a person may view or edit, and its page.

    Where `has_versions`, a file brought under the name of one that is there is its next version.
    """

    kind: str
    reachable: Callable[[User, str], QuerySet[Any]]
    page: Callable[[Any], str]
    has_versions: bool = False

    def find(self, user: User, act: str, key: int) -> Any:
        """The record with this key, where the person may do this with it; else None."""
        return self.reachable(user, act).filter(pk=key).first()


_parents: dict[str, Parent] = {}


def register(parent: Parent) -> None:
    """Make a kind known; called by an app's `files.py`."""
    _parents[parent.kind] = parent


def parent_of(kind: str) -> Parent | None:
    """What is known of a kind of record with files."""
    if not _parents:
        autodiscover_modules("files")
    return _parents.get(kind)
