"""What tasks and appointments belong to besides a party: handed down in `agenda_matters.py`.

The agenda knows of no deals, and of nothing else that stands above it. An app that has records for
which something is to be done says so with one `Matter`; forms, lists, calls, criteria and calendars
then name such a record by the name of the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from circulo.lib import ids
from circulo.lib.names import plain
from circulo.records import criteria
from circulo.records.resources import resource

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.agenda.models import Entry

MOST_NAMED, MOST_OFFERED, SHORTEST = 10, 12, 3
Pairs = Sequence[tuple["Entry", int | None]]


@dataclass(frozen=True)
class Matter:
    """A kind of record that an entry of the agenda can belong to; each belongs to one at most.

    `name` is what it goes by, in identifiers too. `link` is the table of its app that says so, with
    an `entry` and a key called `name`. `rows` gives the records that a person may view or edit, and
    `notes` what tells apart those of one title. `put` has entries belong to a record, or to none;
    `hear` has open pages of such records ask anew.
    """

    name: str
    label: Promise
    resource: str
    link: type[Model]
    rows: Callable[[User, str], QuerySet[Any]]
    notes: Callable[[User, Collection[int]], Mapping[int, str]]
    put: Callable[[Pairs, User], None]
    hear: Callable[[Sequence[int]], None]
    title: str = "title"
    party: str = "party_id"

    @property
    def back(self) -> str:
        """The way from a record to the entries that belong to it."""
        key: Any = self.link._meta.get_field(self.name)
        return f"{key.related_query_name()}__entry"

    def may(self, user: User, act: str) -> bool:
        """Whether a person's role lets them do this with any record of the kind."""
        return bool(user.may(resource(self.resource).kind, act))

    def keys_of(self, entries: Iterable[int]) -> dict[int, int]:
        """By entry the record that it belongs to, whoever may see it."""
        rows = self.link._default_manager.filter(entry__in=list(entries))
        return dict(rows.values_list("entry_id", f"{self.name}_id"))

    def parties(self, keys: Collection[int]) -> dict[int, int]:
        """With whom each of these records is, where it is with anybody."""
        model: Any = self.link._meta.get_field(self.name).related_model
        rows = model._default_manager.filter(pk__in=keys, **{f"{self.party}__isnull": False})
        return dict(rows.values_list("pk", self.party))

    def of(self, user: User) -> QuerySet[Any]:
        """The record of an entry of the outer query, where this person sees it."""
        return self.rows(user, "view").filter(**{self.back: OuterRef("pk")}).order_by()

    def named(self, user: User) -> Subquery:
        """The record of an entry of the outer query as JSON, where this person sees it."""
        return Subquery(self.of(user).values(json=JSONObject(id="pk", title=self.title)))

    def known(self, user: User, identifiers: Iterable[str], act: str = "edit") -> dict[str, int]:
        """The keys of those of these identifiers that a person may view, or edit."""
        keys = {ids.decode(self.name, one): one for one in identifiers}
        rows = self.rows(user, act).filter(pk__in=[key for key in keys if key])
        return {keys[key]: key for key in rows.values_list("pk", flat=True)}

    def called(self, user: User, text: str) -> list[Choice]:
        """Those that a text names and this person may edit: by identifier, page or whole title."""
        rows = self.rows(user, "edit")
        key = ids.decode(self.name, text.strip().rstrip("/").rpartition("/")[2])
        if key and (found := self._choices(user, rows.filter(pk=key))):
            return found
        same = {"field": self.title, "op": "is", "value": text.strip()}
        try:
            alike = criteria.narrow(rows, resource(self.resource), same, user)
        except criteria.BadCriteria:
            return []
        return self._choices(user, alike.order_by("-updated_at", "-pk")[:MOST_NAMED])

    def offered(self, user: User, text: str) -> list[Choice]:
        """Those to choose from as somebody types, the ones that were touched last first."""
        if max(map(len, plain(text).split()), default=0) < SHORTEST:
            return []
        found = resource(self.resource).find(self.rows(user, "edit"), text, user)
        return self._choices(user, found.order_by("-updated_at", "-pk")[:MOST_OFFERED])

    def _choices(self, user: User, rows: QuerySet[Any]) -> list[Choice]:
        titles = dict(rows.values_list("pk", self.title))
        notes = self.notes(user, list(titles)) if titles else {}
        return [Choice(ids.encode(self.name, key), str(title), notes.get(key, ""))
                for key, title in titles.items()]  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A record that an entry can belong to, as forms offer it."""

    id: str
    title: str
    note: str


@dataclass(frozen=True)
class Link:
    """What an entry belongs to, as far as the one who looks sees it."""

    matter: Matter
    key: int
    title: str

    @property
    def id(self) -> str:
        return ids.encode(self.matter.name, self.key)

    @property
    def url(self) -> str:
        return f"/{self.matter.resource}/{self.id}"


_matters: dict[str, Matter] = {}


def register(matter: Matter) -> None:
    """Make a kind of record known; called by an app's `agenda_matters.py`."""
    _matters[matter.name] = matter


def matters() -> list[Matter]:
    """Every kind of record that entries can belong to."""
    _discover()
    return list(_matters.values())


@cache
def _discover() -> None:
    autodiscover_modules("agenda_matters")


def with_matters(rows: QuerySet[Entry], user: User) -> QuerySet[Entry]:
    """The entries with what they belong to, as far as this person sees it."""
    found: QuerySet[Entry] = rows.annotate(**matters_seen(user))
    return found


def matters_seen(user: User) -> dict[str, Subquery]:
    """What an entry belongs to as JSON, as far as this person sees it, by the name of a column."""
    return {f"seen_{one.name}": one.named(user) for one in matters()}


def links_of(entry: Entry) -> list[Link]:
    """What an entry belongs to, as `with_matters` read it."""
    seen = ((one, getattr(entry, f"seen_{one.name}", None)) for one in matters())
    return [Link(one, said["id"], said["title"]) for one, said in seen if said]


def keys_of(entry: Entry) -> dict[str, int | None]:
    """By matter what an entry belongs to, whoever may see it."""
    return {one.name: one.keys_of([entry.pk]).get(entry.pk) for one in matters()}


def put_matters(pairs: Iterable[tuple[Entry, Mapping[str, int | None]]], by: User) -> None:
    """Have entries belong to what is said of each by the name of its matter."""
    told = [(entry, said) for entry, said in pairs if said]
    for one in matters():
        mine = [(entry, said[one.name]) for entry, said in told if one.name in said]
        if mine:
            one.put(mine, by)


def keep_alike(pairs: Sequence[tuple[Entry, int]]) -> None:
    """Have new parts of an entry belong to what the entry of a key belongs to: nothing of that
    record changes by it.
    """
    for one in matters():
        known = one.keys_of(key for _entry, key in pairs)
        one.link._default_manager.bulk_create(
            one.link(entry=entry, **{f"{one.name}_id": known[key]})
            for entry, key in pairs
            if key in known
        )


def named_by(user: User, said: Mapping[str, str]) -> dict[str, int | None]:
    """What another program names by identifier, where this person may edit it; nothing else."""
    return named_by_each(user, [said])[0]


def named_by_each(user: User, saids: Sequence[Mapping[str, str]]) -> list[dict[str, int | None]]:
    """What another program names for each of many entries; see `named_by`."""
    found: list[dict[str, int | None]] = [{} for _said in saids]
    for one in matters():
        named = {said[one.name] for said in saids if one.name in said}
        known = one.known(user, named) if named else {}
        for said, keys in zip(saids, found, strict=True):
            if said.get(one.name) in known:
                keys[one.name] = known[said[one.name]]
    return found


def keys_of_each(entries: Sequence[Entry]) -> dict[int, dict[str, int]]:
    """By entry what each belongs to, by matter, whoever may see it."""
    found: dict[int, dict[str, int]] = {entry.pk: {} for entry in entries}
    for one in matters():
        for entry, key in one.keys_of(found).items():
            found[entry][one.name] = key
    return found


def hear(entries: Sequence[Entry]) -> None:
    """Have the open pages of what these entries belong to ask anew."""
    for one in matters():
        if keys := sorted(set(one.keys_of(entry.pk for entry in entries).values())):
            one.hear(keys)
