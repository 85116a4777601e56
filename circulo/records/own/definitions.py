"""The own fields in force, kept by each process until somebody changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from circulo.accounts import news
from circulo.records import formulas
from circulo.records.formulas.tree import Holds, Node
from circulo.records.models import OWN, OwnField
from circulo.records.own.sql import Written, held_by, today, written

if TYPE_CHECKING:
    from circulo.accounts.models import User
    from circulo.records.resources import Field


@dataclass
class Defined:
    """The own fields of one kind of record: those in use in their order, and those retired."""

    version: str
    fields: dict[str, OwnField] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    columns: Mapping[str, Holds] = field(default_factory=dict)
    listed: dict[str, Field] | None = None
    as_sql: dict[str, Written] = field(default_factory=dict)
    day: dict[str, date] = field(default_factory=dict)

    def visible_to(self, user: User, resource: str) -> dict[str, OwnField]:
        """The fields in use that this person's role may see."""
        hidden = user.hidden_fields(resource)
        if not hidden:
            return self.fields
        return {key: one for key, one in self.fields.items() if not self.reads(one) & hidden}

    def reads(self, one: OwnField) -> frozenset[str]:
        """The field itself, and what a computed one is computed from: to hide one hides it too."""
        if not one.is_computed:
            return frozenset({one.name})
        names = (OWN + n if n in self.fields else n for n in formulas.names_in(self.nodes[one.key]))
        return frozenset({one.name, *names})

    @cached_property
    def stored(self) -> dict[str, OwnField]:
        """Those whose values lie in the record: what is computed lies nowhere."""
        return {key: one for key, one in self.fields.items() if not one.is_computed}

    @cached_property
    def computed(self) -> dict[str, OwnField]:
        """Those that are computed."""
        return {key: one for key, one in self.fields.items() if one.is_computed}

    @cached_property
    def searchable(self) -> list[str]:
        """The keys whose texts are found by search."""
        return [key for key, one in self.stored.items() if one.is_searchable]

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The formulas, read."""
        return {key: formulas.parse(one.formula) for key, one in self.computed.items()}

    @cached_property
    def readable(self) -> dict[str, Holds]:
        """What formulas can read: own fields, and columns of the record."""
        own = {key: held_by(one) for key, one in self.stored.items()}
        return {**self.columns, **{key: holds for key, holds in own.items() if holds}}

    def written(self, key: str) -> Written:
        """A field in SQL, as of today."""
        if self.day.get("today") != today():
            self.day["today"] = today()
            self.as_sql.clear()
        if key not in self.as_sql:
            self.as_sql[key] = written(self.fields[key], self.stored, self.columns)
        return self.as_sql[key]


_kept: dict[str, tuple[str, Defined]] = {}  # with the version of each


def defined(resource: str) -> Defined:
    """The own fields of a kind of record."""
    version = news.version()
    of_version, known = _kept.get(resource, ("", None))
    if known is None or of_version != version:
        known = _read(resource, version)
        _kept[resource] = (version, known)
    return known


def forget() -> None:
    """Read everything anew."""
    _kept.clear()
    news.forget()


def _read(resource: str, version: str) -> Defined:
    from circulo.records.own.fields import columns_of  # resources know their own fields by this

    rows = OwnField.objects.filter(resource=resource).in_order() if version else []
    return Defined(
        version,
        {one.key: one for one in rows if not one.is_retired},
        frozenset(one.key for one in rows if one.is_retired),
        columns_of(resource),
    )
