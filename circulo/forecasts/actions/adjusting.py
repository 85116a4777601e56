"""Adding to a forecast, or taking from it, what its deals do not say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import Team, Territory, User
from circulo.forecasts.actions.quotas import refuse_unknown_worth
from circulo.forecasts.models import Adjustment
from circulo.forecasts.models.adjustments import CATEGORIES
from circulo.forecasts.periods import Period
from circulo.forecasts.seen import people_within, teams_within, territories_within
from circulo.forecasts.selectors.sums import reckoning
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import clean

MOST, MOST_COMMENT = Decimal(10) ** 12, 500


@dataclass(frozen=True)
class Adjusting:
    """How much more or less somebody expects of one subject, in which category, and why."""

    period: Period
    category: str
    amount: Decimal
    comment: str
    user: int | None = None
    team: int | None = None
    territory: int | None = None


@transaction.atomic
def adjust_forecast(said: Adjusting, *, by: User) -> Adjustment:
    """Adjust a forecast; what the same person said of the same figure before counts no more."""
    _refuse_out_of_reach(said, by)
    comment = clean(said.comment, limit=MOST_COMMENT)
    _refuse_senseless(said, comment)
    firm = reckoning()
    refuse_unknown_worth(said.amount, firm.currency, said.period.first, firm.currency)
    now = timezone.now()
    before = Adjustment.objects.in_force().filter(
        user=said.user, team=said.team, territory=said.territory, starts_on=said.period.first,
        span=said.period.span, category=said.category, by=by,
    )  # fmt: skip
    list(User.objects.filter(pk=by.pk).select_for_update())
    before.update(ended_at=now)
    return Adjustment.objects.create(
        user_id=said.user, team_id=said.team, territory_id=said.territory,
        starts_on=said.period.first, span=said.period.span, category=said.category,
        amount=said.amount, currency=firm.currency, comment=comment, by=by,
    )  # fmt: skip


@transaction.atomic
def withdraw_adjustment(adjustment: Adjustment, *, by: User) -> None:
    """Let an adjustment count no more; that it was made stays on record.

    One takes back what one said oneself; administrators take back anything.
    """
    if adjustment.by_id != by.pk and not by.is_admin:
        raise RuleBroken(_("Only who made an adjustment takes it back: make another one instead."))
    gone = Adjustment.objects.in_force().filter(pk=adjustment.pk).update(ended_at=timezone.now())
    if not gone:
        raise RuleBroken(_("This adjustment counts no more already."))


def _refuse_out_of_reach(said: Adjusting, by: User) -> None:
    people = User.objects.filter(people_within(by, "forecasts", "edit"), pk=said.user or 0)
    teams = Team.objects.filter(teams_within(by, "forecasts", "edit"), pk=said.team or 0)
    places = Territory.objects.filter(territories_within(by, "forecasts", "edit"))
    places = places.filter(pk=said.territory or 0)
    if not (people.exists() or teams.exists() or places.exists()):
        raise Invalid({"of": _("There is no such forecast that you could adjust.")})


def _refuse_senseless(said: Adjusting, comment: str) -> None:
    if said.category not in CATEGORIES:
        names = ", ".join(str(one) for one in CATEGORIES)
        raise Invalid({"category": _("Choose one of: %s.") % names})
    if not 0 < abs(said.amount) < MOST:
        raise Invalid({"amount": _("Say how much more, or with a minus how much less.")})
    if not comment:
        raise Invalid({"comment": _("Say why: that is what one learns from later.")})
