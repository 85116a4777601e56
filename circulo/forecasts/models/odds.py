"""What history says of deals: how many of those that came so far were won, and when."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.sales.models import Stage


class Odds(models.Model):
    """What became of the deals that stayed in a stage for some days, or longer.

    Of `ended` such deals, `won[n]` were won in the week n after they had stayed so long; those won
    later stand in the last place.
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="odds", db_index=False)
    stayed = models.PositiveSmallIntegerField()
    ended = models.PositiveIntegerField()
    won = ArrayField(models.PositiveIntegerField())
    learnt_at = models.DateTimeField()

    class Meta:
        verbose_name = _("odds")
        verbose_name_plural = _("odds")
        constraints = [
            models.UniqueConstraint("stage", "stayed", name="odds_once"),
            models.CheckConstraint(name="odds_of_somebody", condition=Q(ended__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.stayed}"
