"""Bringing in quotas: a batch is read, its people and teams found, and said by two statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Team, Territory, User
from circulo.forecasts.actions import set_quotas
from circulo.forecasts.actions.quotas import Said as SaidQuota
from circulo.forecasts.models import Quota
from circulo.forecasts.periods import Period, period_called, period_of
from circulo.forecasts.seen import people_within, teams_within, territories_within
from circulo.forecasts.selectors.sums import reckoning
from circulo.lib import money
from circulo.lib.errors import Invalid
from circulo.lib.names import plain
from circulo.lib.readers import values
from circulo.lib.readers.values import Refused
from circulo.records import criteria
from circulo.records.load_types import OnDuplicate, Outcome, RefusedRow, Said, Task
from circulo.records.resources import resource
from circulo.records.turns import Turn

COLUMNS = ("person", "team", "territory", "period", "amount", "currency")


@dataclass(frozen=True)
class QuotaRow:
    """What one row says: of whom, for which period, how much."""

    person: str
    team: str
    territory: str
    period: Period
    amount: Decimal
    currency: str


class QuotaImporter:
    """Brings in quotas for one load."""

    def __init__(self, task: Task) -> None:
        self.task, self.by = task, reckoning()
        people, teams, places = User.objects.all(), Team.objects.all(), Territory.objects.all()
        if task.by is not None:
            people = people.filter(people_within(task.by, "quotas", "edit"))
            teams = teams.filter(teams_within(task.by, "quotas", "edit"))
            places = places.filter(territories_within(task.by, "quotas", "edit"))
        self.people: dict[str, int | None] = {}
        for key, email, name in people.values_list("pk", "email", "name"):
            self.people[email] = key
            named = plain(name)
            self.people[named] = None if named in self.people else key
        self.teams = {plain(name): key for key, name in teams.values_list("pk", "name")}
        self.places = {plain(name): key for key, name in places.values_list("pk", "name")}

    def read(self, record: Said) -> QuotaRow:
        """One row, read and checked."""
        told = {name: cells[0][0].strip() for name, cells in record.items()}
        period = period_called(told.get("period", "").lower(), self.by.begins)
        if period is None:
            raise RefusedRow(_("Write a period as 2026-11, 2026-q4 or 2026."))
        try:
            found = values.money(told.get("amount", ""), self.task.decimal)
            amount, sign = found if found is not None else (None, "")
            currency = money.currency_of(told.get("currency") or sign or self.by.currency)
            read = money.read_amount(amount)
        except Refused as refused:
            raise RefusedRow(str(refused)) from refused
        except Invalid as invalid:
            raise RefusedRow(next(iter(invalid.fields.values()))) from invalid
        if read is None:
            raise RefusedRow(_("Say how much is to be sold."))
        person, team, place = (told.get(name, "") for name in ("person", "team", "territory"))
        return QuotaRow(person, team, place, period, read, currency)

    def settle(self, turn: Turn, *, kept: bool) -> None:
        """Nothing is remembered between batches."""

    def apply(self, rows: Sequence[tuple[int, QuotaRow]], turn: Turn) -> dict[int, Outcome | str]:
        """Say the quotas of a batch, each by itself where one of them is refused."""
        turn.come()
        outcomes: dict[int, Outcome | str] = {}
        known = self._known([row for _number, row in rows])
        for number, row in rows:
            try:
                outcomes[number] = self._take(row, known)
            except Invalid as invalid:
                outcomes[number] = str(next(iter(invalid.fields.values())))
        return outcomes

    def _take(self, row: QuotaRow, known: set[tuple[Any, ...]]) -> Outcome | str:
        said = self._said(row)
        mark = (*said.subject, row.period.first, str(row.period.span))
        is_there = mark in known
        if is_there and self.task.on_duplicate == OnDuplicate.SKIP:
            return Outcome.SKIPPED
        changed = set_quotas([said], by=self.task.by)
        known.add(mark)
        if not is_there:
            return Outcome.CREATED
        return Outcome.UPDATED if changed else Outcome.SKIPPED

    def _said(self, row: QuotaRow) -> SaidQuota:
        if sum(map(bool, (row.person, row.team, row.territory))) != 1:
            raise Invalid({"": _("Name a person, a team or a territory, and only one.")})
        if row.territory:
            place = self.places.get(plain(row.territory)) or 0
            return SaidQuota(row.period, row.amount, row.currency, territory=place)
        if row.team:
            team = self.teams.get(plain(row.team)) or 0
            return SaidQuota(row.period, row.amount, row.currency, team=team)
        person = self.people.get(row.person.lower()) or self.people.get(plain(row.person)) or 0
        return SaidQuota(row.period, row.amount, row.currency, user=person)

    def _known(self, rows: Sequence[QuotaRow]) -> set[tuple[Any, ...]]:
        there = Quota.objects.filter(starts_on__in={row.period.first for row in rows})
        return set(there.values_list("user_id", "team_id", "territory_id", "starts_on", "span"))


def dump_quotas(user: User, said: dict[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The quotas that the person may see and that fulfil the criterion, to be loaded again."""
    kind = resource("quotas")
    rows = criteria.narrow(kind.visible(user), kind, said, user).order_by("pk")
    begins = reckoning().begins
    named = ("user__email", "team__name", "territory__name", "starts_on", "span", "amount",
             "currency")  # fmt: skip
    return list(COLUMNS), (
        [person or "", team or "", place or "", str(period_of(day, span, begins)),
         money.written(amount, currency), currency]
        for person, team, place, day, span, amount, currency in rows.values_list(*named)
    )  # fmt: skip
