"""What the desk remembers for one person: how they like each list, and what they put away."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ListChoice(models.Model):
    """The columns and the order in which one person likes a list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    sort = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint("user", "name", name="list_choice_once")]

    def __str__(self) -> str:
        return self.name


class PutAway(models.Model):
    """Something on Today that one person does not want to see any more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "name", name="put_away_once")]

    def __str__(self) -> str:
        return self.name
