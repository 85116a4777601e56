"""Saying what is to be sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import Team, User
from circulo.forecasts.models import Quota
from circulo.forecasts.periods import Period
from circulo.forecasts.seen import people_within, teams_within
from circulo.forecasts.selectors.rates import rate_on, rates_into
from circulo.forecasts.selectors.sums import reckoning
from circulo.lib import money
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions.writing import run

_SET = """
    INSERT INTO forecasts_quota (user_id, team_id, starts_on, span, amount, currency, updated_at)
    SELECT *, now() FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::numeric[],
                                %s::text[])
    ON CONFLICT ({subject}, starts_on, span) DO UPDATE
    SET amount = excluded.amount, currency = excluded.currency, updated_at = now()
    WHERE (forecasts_quota.amount, forecasts_quota.currency)
          IS DISTINCT FROM (excluded.amount, excluded.currency)
    RETURNING id
"""


@dataclass(frozen=True)
class Said:
    """A quota that somebody says: of a person or a team, for a period; None takes it away."""

    period: Period
    amount: Decimal | None
    currency: str
    user: int | None = None
    team: int | None = None

    @property
    def subject(self) -> tuple[int | None, int | None]:
        """Of whom it is."""
        return self.user, self.team


@transaction.atomic
def set_quotas(said: Sequence[Said], *, by: User | None) -> int:
    """Say quotas; one without an amount is taken away. How many are other than before."""
    _refuse_out_of_reach(said, by)
    _refuse_worthless(said)
    known = {(one.subject, one.period.first, one.period.span): one for one in said}
    changed = 0
    for name in ("user", "team"):
        mine = [one for one in known.values() if getattr(one, name) is not None]
        kept = [one for one in mine if one.amount is not None]
        changed += len(run(_SET.format(subject=f"{name}_id"), _columns(kept))) if kept else 0
        for one in mine:
            if one.amount is None:
                rows = Quota.objects.filter(user=one.user, team=one.team)
                gone = rows.filter(starts_on=one.period.first, span=one.period.span).delete()
                changed += gone[0]
    return changed


@transaction.atomic
def copy_quotas(period: Period, *, to: Period, by: User) -> int:
    """Say for a period the quotas of another one of the same span, where it has none yet."""
    if period.span != to.span:
        raise RuleBroken(_("Quotas are copied between periods of the same length."))
    mine = Quota.objects.visible_to(by, "edit").filter(span=period.span)
    there = set(mine.filter(starts_on=to.first).values_list("user_id", "team_id"))
    rows = mine.filter(starts_on=period.first).order_by("pk")
    said = [
        Said(to, one.amount, one.currency, one.user_id, one.team_id)
        for one in rows
        if (one.user_id, one.team_id) not in there
    ]
    return set_quotas(said, by=by)


@transaction.atomic
def remove_quotas(keys: Sequence[int], *, by: User) -> int:
    """Take quotas away; how many went."""
    return Quota.objects.visible_to(by, "edit").filter(pk__in=keys).delete()[0]


def _columns(said: Sequence[Said]) -> list[object]:
    days: list[date] = [one.period.first for one in said]
    return [
        [one.user for one in said], [one.team for one in said], days,
        [str(one.period.span) for one in said], [one.amount for one in said],
        [one.currency for one in said],
    ]  # fmt: skip


def _refuse_out_of_reach(said: Sequence[Said], by: User | None) -> None:
    """Nobody says quotas of whoever is out of their reach, or learns that they are there."""
    people = {one.user for one in said if one.user is not None}
    teams = {one.team for one in said if one.team is not None}
    known, known_teams = User.objects.all(), Team.objects.all()
    if by is not None:
        known = known.filter(people_within(by, "quotas", "edit"))
        known_teams = known_teams.filter(teams_within(by, "quotas", "edit"))
    if known.filter(pk__in=people).count() != len(people):
        raise Invalid({"user": _("There is no such person whose quota you could set.")})
    if known_teams.filter(pk__in=teams).count() != len(teams):
        raise Invalid({"team": _("There is no such team whose quota you could set.")})


def _refuse_worthless(said: Sequence[Said]) -> None:
    """An amount is in a currency that the firm can reckon with, and in whole units of it."""
    firm = reckoning()
    for one in said:
        if one.amount is not None:
            refuse_unknown_worth(one.amount, one.currency, one.period.first, firm.currency)


def refuse_unknown_worth(amount: Decimal, currency: str, day: date, firm: str) -> None:
    """Invalid where nobody can say what an amount is worth to the firm."""
    try:
        money.refuse_fractions(amount, currency)
    except Invalid as invalid:
        raise Invalid({"amount": invalid.fields[""]}) from invalid
    if currency != firm and rate_on(rates_into(firm), currency, day) is None:
        text = _("Nobody has said what %(currency)s was worth in %(firm)s on that day.")
        raise Invalid({"currency": text % {"currency": currency, "firm": firm}})
