"""The 360 view of a party: everything its page and the API's overview show, read in one statement.

Each app hands its part down in `panels.py`: an expression that gathers JSON for a party, within the
rights of the person who looks, and how that JSON becomes what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.module_loading import autodiscover_modules

from circulo.accounts import prepared
from circulo.accounts.models import Team, User
from circulo.lib import ids
from circulo.parties.models import Party


@dataclass(frozen=True)
class Panel:
    """One part of the overview. `read` gives a JSON expression over `Party`; `shape` finishes it.

    `template` is the partial that shows it on the party's page, in the column `place` (left, main
    or right); a panel without one only feeds the API. `rights` names the kinds of record whose
    reach shapes what it reads, beside contacts and companies.
    `kind` names the kind of record that one must be allowed to see for it, and `without` takes out
    of it what a role does not get to see of that kind.
    """

    name: str
    read: Callable[[User], Combinable]
    shape: Callable[[Any], Any] = lambda value: value
    template: str = ""
    place: str = "right"
    order: int = 50
    hidden_by: str = ""
    rights: tuple[str, ...] = ()
    kind: str = ""
    without: Callable[[Any, frozenset[str]], Any] = lambda shown, hidden: shown

    def is_open_to(self, user: User, hidden: frozenset[str]) -> bool:
        """Whether the role of this person, with these fields hidden from it, sees it."""
        return self.hidden_by not in hidden and (not self.kind or user.may(self.kind, "view"))


@dataclass(frozen=True)
class Overview:
    """A party and what every panel knows of it."""

    party: Party
    panels: dict[str, Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Make a panel known; called by an app's `panels.py`."""
    _panels[panel.name] = panel


def panels() -> list[Panel]:
    """Every panel, in the order the page shows them."""
    _discover()
    return list(_panels.values())


@cache
def _discover() -> None:
    autodiscover_modules("panels")
    for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.name)):
        _panels[panel.name] = _panels.pop(panel.name)


def overview(user: User, identifier: str, kind: str | None = None) -> Overview:
    """The overview of the party with this identifier; Party.DoesNotExist where it is not seen."""
    shown = panels()
    found = prepared.statement("overview", user, _rights(), _gather).rows(
        user, ids.decode("party", identifier) or 0
    )
    if not found or (kind and found[0][_KIND] != kind):
        raise Party.DoesNotExist
    values = found[0]
    party = Party.from_db(
        None,
        _COLUMNS,
        [prepared.loaded(v) if n in _JSON else v for n, v in zip(_COLUMNS, values, strict=False)],
    )
    party.owner = _owner(party.owner_id, *values[len(_COLUMNS) : _PANELS])
    hidden = user.hidden_fields(party.resource)
    return Overview(
        party,
        {
            panel.name: panel.without(
                panel.shape(prepared.loaded(value)), user.hidden_fields(panel.kind)
            )
            for panel, value in zip(shown, values[_PANELS:], strict=True)
            if panel.is_open_to(user, hidden)
        },
    )


@cache
def _rights() -> tuple[str, ...]:
    """The kinds of record whose reach shapes the statement."""
    more = (kind for panel in panels() for kind in panel.rights)
    return tuple(dict.fromkeys(("contacts", "companies", *more)))


_COLUMNS = [field.attname for field in Party._meta.concrete_fields]
_JSON = {"custom"}
_KIND = _COLUMNS.index("kind")
_OF_THE_OWNER = ("owner__name", "owner__team_id", "owner__team__path")
_PANELS = len(_COLUMNS) + len(_OF_THE_OWNER)


def _gather(user: User) -> QuerySet[Any, Any]:
    """The party's own columns, what a page says of its owner, then one JSON for each panel."""
    gathered = {f"panel_{panel.name}": panel.read(user) for panel in panels()}
    rows = Party.objects.visible_to(user).filter(pk=prepared.KEY)
    return rows.values_list(*_COLUMNS, *_OF_THE_OWNER, *gathered.values())


def _owner(key: int | None, name: str, team: int | None, path: str) -> User | None:
    """The owner as far as rights and pages ask: the name, and the team with its path."""
    if key is None:
        return None
    owner = User.from_db(None, ["id", "name", "team_id"], [key, name, team])
    owner.team = Team(pk=team, path=path) if team else None
    return owner
