"""The quota: what is to be sold in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Team, Territory, User
from circulo.forecasts.periods import Span
from circulo.forecasts.seen import people_within, teams_within, territories_within
from circulo.lib import ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circulo.forecasts.periods import Period

ONE_SUBJECT = (
    Q(user__isnull=False, team=None, territory=None)
    | Q(user=None, team__isnull=False, territory=None)
    | Q(user=None, team=None, territory__isnull=False)
)
CURRENCY = r"^[A-Z]{3}$"
Said = TypeVar("Said", bound=models.Model)


class OfSubjectQuerySet(models.QuerySet[Said]):
    """What is said of people, of teams and of territories."""

    kind = "forecasts"

    def visible_to(self, user: User, act: str = "view") -> Self:
        """What is said of whoever's figures this person sees, or changes."""
        people = User.objects.filter(people_within(user, self.kind, act))
        teams = Team.objects.filter(teams_within(user, self.kind, act))
        places = Territory.objects.filter(territories_within(user, self.kind, act))
        return self.filter(
            Q(user__in=people.values("pk"))
            | Q(team__in=teams.values("pk"))
            | Q(territory__in=places.values("pk"))
        )

    def of_people(self) -> Self:
        """What is said of people and teams."""
        return self.filter(territory=None)

    def of_territories(self) -> Self:
        """What is said of territories."""
        return self.filter(territory__isnull=False)

    def within(self, periods: Sequence[Period]) -> Self:
        """What is said of any time in these periods, which follow each other."""
        return self.filter(starts_on__gte=periods[0].first, starts_on__lt=periods[-1].end)


class QuotaQuerySet(OfSubjectQuerySet["Quota"]):
    """Quotas, as forecasts and grids ask for them."""

    kind = "quotas"


class Quota(models.Model):
    """What somebody, a team or a territory is to sell in a month, a quarter or a year."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="quotas",
        verbose_name=_("person"), db_index=False,
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="quotas",
        verbose_name=_("team"), db_index=False,
    )  # fmt: skip
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="quotas",
        verbose_name=_("territory"), db_index=False,
    )  # fmt: skip
    starts_on = models.DateField(_("from"))
    span = models.CharField(_("period"), max_length=7, choices=Span)
    amount = models.DecimalField(_("amount"), max_digits=19, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        constraints = [
            models.CheckConstraint(name="quota_of_one_subject", condition=ONE_SUBJECT),
            models.CheckConstraint(name="quota_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="quota_begins_a_month", condition=Q(starts_on__day=1)),
            models.CheckConstraint(
                name="quota_has_a_currency", condition=Q(currency__regex=CURRENCY)
            ),
            models.UniqueConstraint(
                "user", "starts_on", "span", name="quota_once_per_person", nulls_distinct=True
            ),
            models.UniqueConstraint(
                "team", "starts_on", "span", name="quota_once_per_team", nulls_distinct=True
            ),
            models.UniqueConstraint(
                "territory", "starts_on", "span", name="quota_once_per_territory",
                nulls_distinct=True,
            ),
        ]  # fmt: skip
        indexes = [models.Index("starts_on", name="quota_by_period")]

    def __str__(self) -> str:
        return f"{self.user or self.team or self.territory} {self.starts_on:%Y-%m}"

    @property
    def public_id(self) -> str:
        return ids.encode("quota", self.pk)
