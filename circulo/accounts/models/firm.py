"""The organisation that this installation serves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Firm(models.Model):
    """The organisation that runs this Círculo. There is one, and what it says is the default."""

    name = models.CharField(_("name"), max_length=150, default="", blank=True)
    country = models.CharField(_("country"), max_length=2, default="ES")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(_("language"), max_length=5, default="es")
    region = models.CharField(_("region"), max_length=10, default="es-ES")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Madrid")
    year_begins = models.PositiveSmallIntegerField(_("first month of the year"), default=1)
    definitions = models.CharField(max_length=32, default="", editable=False, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_firm", condition=Q(pk=1)),
            models.CheckConstraint(
                name="firm_year_begins_in_a_month",
                condition=Q(year_begins__gte=1, year_begins__lte=12),
            ),
        ]

    def __str__(self) -> str:
        return self.name
