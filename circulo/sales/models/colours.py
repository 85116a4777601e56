"""Colours by rule: what marks a deal on board, table and calendar, and why."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids


class ColourRuleQuerySet(models.QuerySet["ColourRule"]):
    """Colour rules, as they are applied."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class ColourRule(models.Model):
    """A colour for the deals that fulfil a criterion: the first rule that one fulfils decides.

    The label stands on the card too, so that nothing is said by colour alone.
    """

    class Tone(models.TextChoices):
        RED = "bad", _("Red")
        AMBER = "spark", _("Amber")
        GREEN = "good", _("Green")
        TEAL = "accent", _("Teal")
        GREY = "plain", _("Grey")

    label = models.CharField(_("what the card says"), max_length=40)
    criteria = models.JSONField(_("where"))
    tone = models.CharField(_("colour"), max_length=6, choices=Tone)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ColourRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("colour rule")
        constraints = [
            models.CheckConstraint(
                name="colour_rule_asks_for_something", condition=~models.Q(criteria={})
            ),
            models.CheckConstraint(
                name="colour_rule_has_a_colour",
                condition=models.Q(tone__in=["bad", "spark", "good", "accent", "plain"]),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def public_id(self) -> str:
        return ids.encode("colour_rule", self.pk)
