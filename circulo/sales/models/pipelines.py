"""The ways that deals go: pipelines with their stages, and the reasons for their end."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.lib import ids


class ForecastAs(models.TextChoices):
    """How surely a forecast counts on open deals."""

    PIPELINE = "pipeline", pgettext_lazy("forecast", "Pipeline")
    BEST_CASE = "best_case", pgettext_lazy("forecast", "Best case")
    COMMIT = "commit", pgettext_lazy("forecast", "Commit")
    OMITTED = "omitted", pgettext_lazy("forecast", "Omitted")


class PipelineQuerySet(models.QuerySet["Pipeline"]):
    """Pipelines, as screens ask for them."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Pipeline(models.Model):
    """A way of selling: the stages that its deals go through, one after the other."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(_("for new deals"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PipelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline")
        constraints = [
            models.UniqueConstraint("name", name="pipeline_name_is_unique"),
            models.UniqueConstraint(
                "is_default", name="pipeline_one_default", condition=Q(is_default=True)
            ),
            models.CheckConstraint(
                name="pipeline_default_is_in_use",
                condition=Q(is_default=False) | Q(is_active=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("pipeline", self.pk)


class StageQuerySet(models.QuerySet["Stage"]):
    """Stages, as boards and forms ask for them."""

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Stage(models.Model):
    """A step of a pipeline: how likely a deal in it is won, and what one needs to get there.

    `entry` is a criterion on deals and `required` names fields that must be filled: a deal enters
    only where it fulfils both. After `stale_after` days without leaving, a deal is stale. `advice`
    says what to do in this stage. A forecast counts its deals by their probability unless
    `forecast_as` says how.
    """

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="stages", db_index=False)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    probability = models.PositiveSmallIntegerField(_("probability"), default=50)
    entry = models.JSONField(_("conditions"), default=dict, blank=True)
    required = models.JSONField(_("required fields"), default=list, blank=True)
    stale_after = models.PositiveSmallIntegerField(_("stale after days"), null=True, blank=True)
    advice = models.TextField(_("advice"), blank=True, default="")
    forecast_as = models.CharField(
        _("in the forecast"), max_length=9, choices=ForecastAs, blank=True, default=""
    )

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        constraints = [
            models.UniqueConstraint("pipeline", "name", name="stage_name_once_per_pipeline"),
            models.CheckConstraint(
                name="stage_probability_is_a_percentage", condition=Q(probability__lte=100)
            ),
            models.CheckConstraint(
                name="stage_stale_after_a_day_or_more",
                condition=Q(stale_after=None) | Q(stale_after__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("stage", self.pk)


class ReasonQuerySet(models.QuerySet["Reason"]):
    """Reasons, as forms offer them."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Reason(models.Model):
    """Why deals are won, or lost. One that `asks_rival` says to which competitor, too."""

    class Outcome(models.TextChoices):
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    outcome = models.CharField(_("for deals that are"), max_length=4, choices=Outcome)
    label = models.CharField(_("reason"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    asks_rival = models.BooleanField(_("asks which competitor"), default=False, db_default=False)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        constraints = [
            models.UniqueConstraint("outcome", "label", name="reason_said_once"),
            models.CheckConstraint(
                name="reason_asks_of_lost_deals_only",
                condition=Q(asks_rival=False) | Q(outcome="lost"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def public_id(self) -> str:
        return ids.encode("reason", self.pk)
