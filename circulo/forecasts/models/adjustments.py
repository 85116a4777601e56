"""The adjustment: what somebody knows of a forecast that its deals do not say."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Team, Territory, User
from circulo.forecasts.models.quotas import CURRENCY, ONE_SUBJECT, OfSubjectQuerySet
from circulo.forecasts.periods import Span
from circulo.lib import ids
from circulo.sales.models import ForecastAs

CATEGORIES = (ForecastAs.COMMIT, ForecastAs.BEST_CASE, ForecastAs.PIPELINE)


class AdjustmentQuerySet(OfSubjectQuerySet["Adjustment"]):
    """Adjustments, as forecasts ask for them."""

    def in_force(self) -> Self:
        """Those that no later one took the place of."""
        return self.filter(ended_at=None)


class Adjustment(models.Model):
    """What somebody adds to the forecast of a person, a team or a territory, or takes from it.

    It is a difference, so that it goes on counting when deals move, and adds up from people to
    teams, and from territories to those they lie in. None is ever changed: a later one of the same
    person on the same figure takes its place.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True,
        related_name="adjustments", verbose_name=_("person"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="adjustments",
        verbose_name=_("team"),
    )  # fmt: skip
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="adjustments",
        verbose_name=_("territory"),
    )  # fmt: skip
    starts_on = models.DateField(_("from"))
    span = models.CharField(_("period"), max_length=7, choices=Span)
    category = models.CharField(_("category"), max_length=9, choices=ForecastAs)
    amount = models.DecimalField(_("more or less"), max_digits=19, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    comment = models.CharField(_("why"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("said"), auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjustment")
        constraints = [
            models.CheckConstraint(name="adjustment_of_one_subject", condition=ONE_SUBJECT),
            models.CheckConstraint(name="adjustment_says_why", condition=~Q(comment="")),
            models.CheckConstraint(
                name="adjustment_has_a_category",
                condition=Q(category__in=[one.value for one in CATEGORIES]),
            ),
            models.CheckConstraint(
                name="adjustment_has_a_currency", condition=Q(currency__regex=CURRENCY)
            ),
            models.UniqueConstraint(
                "user", "team", "territory", "starts_on", "span", "category", "by",
                name="adjustment_one_in_force", condition=Q(ended_at=None), nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes = [models.Index("starts_on", name="adjustment_by_period")]

    def __str__(self) -> str:
        return f"{self.of} {self.starts_on:%Y-%m} {self.amount}"

    @property
    def of(self) -> User | Team | Territory | None:
        """Of whose forecast it is."""
        return self.user or self.team or self.territory

    @property
    def public_id(self) -> str:
        return ids.encode("adjustment", self.pk)
