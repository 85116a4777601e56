"""Bringing in the people who work here, with their teams and territories, from a table.

One row is one person: by address where there is one, else by name alone. Their manager is a person
too, whose team they are in; the territory they work in is made where it is not there. Whom a row
only names cannot log in before an administrator gives them an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts import actions as accounts
from circulo.accounts.models import ROLE_LABELS, Team, Territory, User
from circulo.accounts.rights import RoleName
from circulo.lib import emails
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import clean
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Said, Task
from circulo.records.mapping import folded
from circulo.records.turns import Turn
from circulo.sales.actions import claim_deals
from circulo.territories.actions import add_territory, change_territory

Rows = Sequence[tuple[int, "PersonRow"]]


@dataclass(frozen=True)
class PersonRow:
    """What one row says of a person."""

    name: str
    email: str = ""
    role: str = ""
    team: str = ""
    manager: str = ""
    territory: str = ""


class PeopleImporter:
    """Brings in people for one load."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.roles = _roles()

    def read(self, record: Any) -> PersonRow:
        """One row, read and checked."""
        said: Said = record
        told = {name: cells[0][0] for name, cells in said.items()}
        email = _address(told.get("email", ""))
        name = clean(told.get("name", ""), limit=150) or email.partition("@")[0]
        if not name:
            raise RefusedRow(_("A name is needed."))
        role = self.roles.get(folded(told.get("role", "")), "") if told.get("role") else ""
        if told.get("role") and not role:
            raise RefusedRow(_("There is no such role; there are %s.") % ", ".join(RoleName))
        parts = {n: clean(told.get(n, ""), limit=100) for n in ("team", "manager", "territory")}
        return PersonRow(name, email, role, **parts)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered between batches."""

    def apply(self, rows: Rows, turn: Turn) -> dict[int, Outcome | str]:
        """Find who is here, add the others, and give everybody their team and territory."""
        turn.come()
        house = _House(self.task.by)
        outcomes: dict[int, Outcome | str] = {}
        for number, row in rows:
            outcomes[number] = self._take(house, row)
        house.settle_territories()
        claim_deals(sorted(house.come))
        return outcomes

    def _take(self, house: _House, row: PersonRow) -> Outcome | str:
        if self.task.by is not None and not self.task.by.is_admin:
            return _("Only administrators change who works here.")
        found = house.people_called(row)
        if len(found) > 1:
            return _("%d people here go by this name: say which by the e-mail address.") % len(
                found
            )
        if found and self.task.on_duplicate == OnDuplicate.CREATE:
            return _("There is already a user with this e-mail address.")
        if found and self.task.on_duplicate == OnDuplicate.SKIP:
            return Outcome.SKIPPED
        try:
            return house.place(row, found[0] if found else None)
        except Invalid as invalid:
            return str(next(iter(invalid.fields.values())))
        except RuleBroken as broken:
            return str(broken.message)


class _House:
    """Who is here while a batch is brought in, with teams and territories by folded name."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        self.people = list(User.objects.filter(is_active=True).select_related("team"))
        self.teams = {folded(team.name): team for team in Team.objects.all()}
        self.territories = {folded(one.name): one for one in Territory.objects.all()}
        self.members: dict[int, set[int]] = {}
        self.come: set[int] = set()

    def people_called(self, row: PersonRow) -> list[User]:
        """The people whom a row may mean."""
        if row.email:
            return [one for one in self.people if one.email == row.email]
        return [one for one in self.people if folded(one.name) == folded(row.name)]

    def place(self, row: PersonRow, known: User | None) -> Outcome:
        """Add a person, or give one what the row says anew."""
        manager = self._manager(row.manager) if row.manager else None
        team = self._team(row.team or row.manager) if row.team or row.manager else None
        if manager is not None and manager.team_id is None and team is not None:
            self._change(manager, {"team": team})
        outcome, person = Outcome.SKIPPED, known
        if person is None:
            person, outcome = self._add(row.name, row.email, row.role, team), Outcome.CREATED
        else:
            values: dict[str, Any] = {"team": team} if team and person.team_id != team.pk else {}
            if row.role and row.role != person.role_id:
                values["role_id"] = row.role
            outcome = Outcome.UPDATED if values else Outcome.SKIPPED
            self._change(person, values)
        if row.territory and self._work_in(
            row.territory, [person, *([manager] if manager else [])]
        ):
            outcome = Outcome.UPDATED if outcome == Outcome.SKIPPED else outcome
        return outcome

    def settle_territories(self) -> None:
        """Write who works where, once for each territory."""
        for key, members in self.members.items():
            one = Territory.objects.get(pk=key)
            change_territory(one, {"members": sorted(members)}, by=self.by)

    def _add(self, name: str, email: str, role: str, team: Team | None) -> User:
        role = role or RoleName.SELLER
        person = (
            accounts.add_user(email, name=name, role=role, team=team, by=self.by)
            if email
            else accounts.add_colleague(name, role=role, team=team, by=self.by)
        )
        self.people.append(person)
        self.come.add(person.pk)
        return person

    def _change(self, person: User, values: dict[str, Any]) -> None:
        if values:
            accounts.change_user(person, values, by=self.by)

    def _manager(self, name: str) -> User:
        known = [one for one in self.people if folded(one.name) == folded(name)]
        return known[0] if known else self._add(name, "", RoleName.MANAGER, None)

    def _team(self, name: str) -> Team:
        key = folded(name)
        if key not in self.teams:
            self.teams[key] = accounts.add_team(name, by=self.by)
        return self.teams[key]

    def _work_in(self, name: str, people: Sequence[User]) -> bool:
        """Let people work in a territory; whether any of them is new there."""
        key = folded(name)
        if key not in self.territories:
            self.territories[key] = add_territory({"name": name}, by=self.by)
        one = self.territories[key]
        members = self.members.setdefault(one.pk, set(one.members.values_list("pk", flat=True)))
        new = {person.pk for person in people} - members
        members |= new
        return bool(new)


def _address(text: str) -> str:
    if not text:
        return ""
    try:
        return emails.normalise(text)
    except Invalid as invalid:
        raise RefusedRow(invalid.fields[""]) from invalid


def _roles() -> Mapping[str, str]:
    """The roles by their names, in the language of the load and in that of programs."""
    named = {folded(str(label)): name.value for name, label in ROLE_LABELS.items()}
    return named | {role.value: role.value for role in RoleName}
