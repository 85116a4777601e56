"""What calendars and address books have in common: members with names and versions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import quote

from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.dav import actions
from circulo.dav.models import Member, MemberQuerySet
from circulo.dav.refusals import Refused
from circulo.lib import ids

PREFIX = "/dav/"
BATCH = 500
# No key of ours is as large; a name that a program made up and that reads like one is not one.
_LARGEST_KEY = 1 << 36


@dataclass(frozen=True)
class Item:
    """A member of a collection: its key, its name there, and the version that it has now."""

    key: int
    name: str
    version: str

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


class Collection(ABC):
    """A collection of one person, whose members are what this person's programs may know."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    suffix: ClassVar[str]
    content_type: ClassVar[str]
    kind: ClassVar[str]
    is_fixed: ClassVar[bool] = False

    def __init__(self, user: User) -> None:
        self.user = user

    @abstractmethod
    def rows(self) -> QuerySet[Any, Any]:
        """The records in it, each with its `state_of_it`, a text that changes with it."""

    @abstractmethod
    def bodies(self, keys: Sequence[int]) -> dict[int, str]:
        """What these members say, by key, in the same number of statements for any number."""

    @abstractmethod
    def put(self, item: Item | None, name: str, body: bytes) -> int:
        """Change a member, or add one, by what a program says of it; its key."""

    @abstractmethod
    def drop(self, item: Item) -> None:
        """Take a member away as the screen does."""

    @property
    def path(self) -> str:
        return f"{home_of(self.user)}{self.name}/"

    def path_of(self, name: str) -> str:
        return self.path + quote(name, safe="@:$!*'(),+=~")

    def name_of(self, key: int) -> str:
        """What a member is called that no program gave another name."""
        return f"{ids.encode(self.kind, key)}{self.suffix}"

    @cached_property
    def shelf(self) -> actions.Shelf:
        rows = self.rows().order_by().values_list("pk", "state_of_it")
        return actions.Shelf(self.user, self.name, rows, self.suffix, self.kind)

    def refresh(self) -> None:
        """Bring what is known of the members up to date."""
        actions.refresh_members(self.shelf, self.name_of)

    @property
    def known(self) -> MemberQuerySet:
        return Member.objects.visible_to(self.user).filter(collection=self.name)

    def step(self) -> int:
        """The last change of any member, once all are up to date."""
        found: int | None = self.known.aggregate(last=Max("step"))["last"]
        return found or 0

    def items(self) -> Iterator[Item]:
        """Every member as it was when last refreshed, the oldest change first."""
        rows = self.known.present().order_by("step").values_list("key", "name", "version")
        for row in rows.iterator(2_000):
            yield Item(*row)

    def find(self, name: str) -> Item | None:
        """The member of this name, as it is now."""
        return self.found([name]).get(name)

    def held(self, name: str) -> Item | None:
        """The member of this name, which nobody else changes until the transaction ends.

        Other programs of the same person wait, those that would add one of this name too.
        """
        actions.hold_members(self.shelf)
        item = self.find(name)
        if item is None:
            return None
        record = self.rows().model._base_manager.filter(pk=item.key)
        record.select_for_update(of=("self",)).values_list("pk").first()
        return self.find(name)

    def found(self, names: Sequence[str]) -> dict[str, Item]:
        """The members of these names, as they are now."""
        keys = dict(self.known.present().filter(name__in=names).values_list("name", "key"))
        keys |= self._by_their_own_name([name for name in names if name not in keys])
        rows = self.rows().filter(pk__in=keys.values()).values_list("pk", "state_of_it")
        states = dict(rows)
        return {n: Item(key, n, states[key]) for n, key in keys.items() if key in states}

    def refuse_name(self, name: str) -> None:
        """Refused where a new member cannot be called so."""
        if len(name) > 255 or "/" in name or not name.isprintable() or self._read(name):
            raise Refused(403, _("Choose another name for this."))

    def _by_their_own_name(self, names: Sequence[str]) -> dict[str, int]:
        """The keys of members that no program gave another name, and none has asked for yet."""
        keys = {name: key for name in names if (key := self._read(name))}
        known = (
            self.known.present().filter(key__in=keys.values()) if keys else Member.objects.none()
        )
        renamed = set(known.values_list("key", flat=True))
        return {name: key for name, key in keys.items() if key not in renamed}

    def _read(self, name: str) -> int | None:
        if not name.endswith(self.suffix):
            return None
        key = ids.decode(self.kind, name.removesuffix(self.suffix))
        return key if key is not None and key < _LARGEST_KEY else None


def home_of(user: User) -> str:
    """The address of a person: principal and home of their collections in one."""
    return f"{PREFIX}{user.opaque}/"


def batches(items: Iterator[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Members by the batch."""
    while batch := list(islice(items, size)):
        yield batch
