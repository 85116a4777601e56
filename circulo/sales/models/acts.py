"""What a stage suggests to do: the acts of its path, in their order."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.agenda.kinds import LOOKS, TASKS, Kind
from circulo.lib import ids
from circulo.sales.models.pipelines import Stage

MOST_DAYS = 365


class StageActQuerySet(models.QuerySet["StageAct"]):
    """Acts, as pages and forms ask for them."""

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class StageAct(models.Model):
    """Something that a stage suggests to do; planned for a deal it is a task, due `after_days`."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="acts")
    kind = models.CharField(
        _("kind"), max_length=8, choices=[(kind.value, kind.label) for kind in TASKS],
        default=Kind.TO_DO,
    )  # fmt: skip
    title = models.CharField(pgettext_lazy("task", "title"), max_length=300)
    after_days = models.PositiveSmallIntegerField(_("due after days"), default=0)
    position = models.PositiveSmallIntegerField(default=0)

    objects = StageActQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested act")
        constraints = [
            models.CheckConstraint(
                name="stage_act_is_a_task",
                condition=models.Q(kind__in=[kind.value for kind in TASKS]),
            ),
            models.CheckConstraint(
                name="stage_act_is_due_within_a_year",
                condition=models.Q(after_days__lte=MOST_DAYS),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        return ids.encode("stage_act", self.pk)

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return LOOKS[self.kind].icon
