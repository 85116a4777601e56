"""What was expected at the end of each week, kept for ever: by it one learns how wrong one was."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Team, User
from circulo.forecasts.seen import people_within, teams_within
from circulo.sales.models import Pipeline, Stage

DIGITS, DECIMALS = 24, 5
BACK = 3  # of so many months before its own a snapshot says what was won, by rows and figures


class Snapshot(models.Model):
    """The forecast as it stood in a week; one for each, which is called after its Monday."""

    week = models.DateField(_("week"), unique=True)
    taken_at = models.DateTimeField(_("taken"))
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("snapshot")
        constraints = [
            models.CheckConstraint(
                name="snapshot_is_of_a_monday", condition=Q(week__iso_week_day=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.week:%G-W%V}"


class SnapshotRowQuerySet(models.QuerySet["SnapshotRow"]):
    """Rows of snapshots."""

    def visible_to(self, user: User) -> Self:
        """Those of whoever's figures this person sees."""
        return self.filter(owner__in=User.objects.filter(people_within(user)).values("pk"))


def _listed(of: models.IntegerField[int, int]) -> ArrayField[list[int], list[int]]:
    """A list that is empty where an older program writes the row."""
    none = Value([], ArrayField(of.clone()))
    return ArrayField(of, default=list, db_default=none)


class SnapshotRow(models.Model):
    """What one seller had in one stage for one month, counted in one way, in one week.

    Of what was won there is what had been won of that month so far, by the stage it was won from.
    Once the month is over, `won_count` and `won_amount` say what was won within it of the deals
    that the row counted: its `deals` are asked no more. A stage may be gone, its name stays.

    Of deals that several sold, `shared_deals`, the amounts hold the part that was this seller's:
    so many of a hundred more as `shared_percents` says or, for what colleagues have of the own
    ones, less. They are counted with their owner. Rows from before amounts were divided have none.
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="rows", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    month = models.DateField(_("month"), null=True)
    pipeline = models.ForeignKey(
        Pipeline, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    stage = models.ForeignKey(
        Stage, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    stage_name = models.CharField(max_length=80)
    category = models.CharField(_("category"), max_length=9)
    count = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    weighted = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    deals = ArrayField(models.BigIntegerField(), default=list)
    shared_deals = _listed(models.BigIntegerField())
    shared_percents = _listed(models.SmallIntegerField())
    won_count = models.PositiveIntegerField(null=True)
    won_amount = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)

    objects = SnapshotRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a snapshot")
        constraints = [
            models.UniqueConstraint(
                "snapshot", "owner", "month", "stage", "category",
                name="snapshot_row_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="snapshot_row_settled_whole",
                condition=Q(won_count=None, won_amount=None)
                | Q(won_count__isnull=False, won_amount__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index("month", "snapshot", name="snapshot_row_by_month"),
            models.Index(
                "month", name="snapshot_row_unsettled",
                condition=Q(won_count=None) & ~Q(category="closed"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.owner_id} {self.month}"


class SnapshotFigureQuerySet(models.QuerySet["SnapshotFigure"]):
    """Figures of snapshots."""

    def visible_to(self, user: User) -> Self:
        """Those of whoever's figures this person sees; those of the firm for who sees all."""
        people = User.objects.filter(people_within(user)).values("pk")
        teams = Team.objects.filter(teams_within(user)).values("pk")
        mine = Q(user__in=people) | Q(team__in=teams)
        sees_all = teams_within(user) == Q()
        return self.filter(mine | Q(user=None, team=None)) if sees_all else self.filter(mine)


class SnapshotFigure(models.Model):
    """What was said in one week of one month for a person, a team, or (of neither) the firm.

    Of a month that was over it says what had been won of it, a team's by who was in it then: who
    moves later takes nothing along.
    `adjusted` is what people had added to what is committed; `expected`, `low` and `high` are what
    history alone let one expect, with the bounds between which eight of ten should come to lie.
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="figures", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    month = models.DateField(_("month"))
    won = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    committed = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    adjusted = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    weighted = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS)
    quota = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    expected = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    low = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    high = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)

    objects = SnapshotFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of a snapshot")
        constraints = [
            models.UniqueConstraint(
                "snapshot", "user", "team", "month",
                name="snapshot_figure_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="snapshot_figure_of_one_subject", condition=Q(user=None) | Q(team=None)
            ),
        ]  # fmt: skip
        indexes = [models.Index("month", "snapshot", name="snapshot_figure_by_month")]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.month}"
