"""Saying what is to be sold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from circulo.accounts.models import Team, Territory, User
from circulo.forecasts.models import Quota
from circulo.forecasts.periods import Period
from circulo.forecasts.seen import people_within, teams_within, territories_within
from circulo.forecasts.selectors.rates import rate_on, rates_into
from circulo.forecasts.selectors.sums import reckoning
from circulo.lib import money
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions.writing import run

_SET = """
    INSERT INTO forecasts_quota
        (user_id, team_id, territory_id, starts_on, span, amount, currency, updated_at)
    SELECT *, now() FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::text[],
                                %s::numeric[], %s::text[])
    ON CONFLICT ({subject}, starts_on, span) DO UPDATE
    SET amount = excluded.amount, currency = excluded.currency, updated_at = now()
    WHERE (forecasts_quota.amount, forecasts_quota.currency)
          IS DISTINCT FROM (excluded.amount, excluded.currency)
    RETURNING id
"""
SUBJECTS: dict[str, tuple[type[Model], Callable[[User, str, str], Q]]] = {
    "user": (User, people_within),
    "team": (Team, teams_within),
    "territory": (Territory, territories_within),
}


@dataclass(frozen=True)
class Said:
    """A quota that somebody says: of one subject, for a period; None takes it away."""

    period: Period
    amount: Decimal | None
    currency: str
    user: int | None = None
    team: int | None = None
    territory: int | None = None

    @property
    def subject(self) -> tuple[int | None, int | None, int | None]:
        """Of whom it is."""
        return self.user, self.team, self.territory


@transaction.atomic
def set_quotas(said: Sequence[Said], *, by: User | None) -> int:
    """Say quotas; one without an amount is taken away. How many are other than before."""
    _refuse_out_of_reach(said, by)
    _refuse_worthless(said)
    known = {(one.subject, one.period.first, one.period.span): one for one in said}
    changed = 0
    for name in SUBJECTS:
        mine = [one for one in known.values() if getattr(one, name) is not None]
        kept = [one for one in mine if one.amount is not None]
        changed += len(run(_SET.format(subject=f"{name}_id"), _columns(kept))) if kept else 0
        for one in mine:
            if one.amount is None:
                rows = Quota.objects.filter(**{name: getattr(one, name)})
                gone = rows.filter(starts_on=one.period.first, span=one.period.span).delete()
                changed += gone[0]
    return changed


@transaction.atomic
def copy_quotas(period: Period, *, to: Period, by: User) -> int:
    """Say for a period the quotas of another one of the same span, where it has none yet."""
    if period.span != to.span:
        raise RuleBroken(_("Quotas are copied between periods of the same length."))
    mine = Quota.objects.visible_to(by, "edit").filter(span=period.span)
    there = set(mine.filter(starts_on=to.first).values_list("user_id", "team_id", "territory_id"))
    rows = mine.filter(starts_on=period.first).order_by("pk")
    said = [
        Said(to, one.amount, one.currency, one.user_id, one.team_id, one.territory_id)
        for one in rows
        if (one.user_id, one.team_id, one.territory_id) not in there
    ]
    return set_quotas(said, by=by)


@transaction.atomic
def remove_quotas(keys: Sequence[int], *, by: User) -> int:
    """Take quotas away; how many went."""
    return Quota.objects.visible_to(by, "edit").filter(pk__in=keys).delete()[0]


def _columns(said: Sequence[Said]) -> list[object]:
    days: list[date] = [one.period.first for one in said]
    return [
        [one.user for one in said], [one.team for one in said],
        [one.territory for one in said], days, [str(one.period.span) for one in said],
        [one.amount for one in said], [one.currency for one in said],
    ]  # fmt: skip


def _refuse_out_of_reach(said: Sequence[Said], by: User | None) -> None:
    """Nobody says quotas of whoever is out of their reach, or learns that they are there."""
    refusals = {
        "user": _("There is no such person whose quota you could set."),
        "team": _("There is no such team whose quota you could set."),
        "territory": _("There is no such territory whose quota you could set."),
    }
    for name, (model, within) in SUBJECTS.items():
        named = {getattr(one, name) for one in said} - {None}
        reached = Q() if by is None else within(by, "quotas", "edit")
        if named and model._default_manager.filter(reached, pk__in=named).count() != len(named):
            raise Invalid({name: refusals[name]})


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
