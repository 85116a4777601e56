"""What the desk remembers: how people like each list, and what they put away."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from circulo.accounts.models import User
from circulo.records.models import SavedView


class ListChoice(models.Model):
    """How one person likes a list: its columns and their widths, order, density, first view."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=30)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    widths = models.JSONField(default=dict)
    density = models.CharField(max_length=8, choices=User.Density, blank=True, default="")
    sort = models.CharField(max_length=200, blank=True, default="")
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("user", "name", name="list_choice_once")]

    def __str__(self) -> str:
        return self.name


class PutAway(models.Model):
    """Something on Today that one person does not want to see any more."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "name", name="put_away_once")]

    def __str__(self) -> str:
        return self.name
