"""What the desk remembers: how people like each list, the views they saved, what they put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User


class ListChoice(models.Model):
    """The columns and the order in which one person likes a list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    sort = models.CharField(max_length=200, blank=True, default="")
    view = models.ForeignKey("SavedView", models.SET_NULL, null=True, related_name="+")

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


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """One's own, those of colleagues of the same team or below it, and those for everybody."""
        seen = Q(owner=user.pk) | Q(sharing=SavedView.Sharing.ALL)
        if user.team is not None:
            above = _paths_above(user.team.path)
            seen |= Q(sharing=SavedView.Sharing.TEAM, owner__team__path__in=above)
        return self.filter(seen)

    def changeable_by(self, user: User) -> Self:
        """One's own; administrators change those that others see too."""
        own = Q(owner=user.pk)
        return self.filter(own | ~Q(sharing=SavedView.Sharing.OWN) if user.is_admin else own)


def _paths_above(path: str) -> list[str]:
    """The path of a team and of the teams above it: 1/, 1/4/, …"""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: length + 1]) + "/" for length in range(len(parts))]


class SavedView(models.Model):
    """A list as somebody set it up: what it shows, in which order and shape, for whom.

    It holds no records: whoever opens it sees what their own rights let them see.
    """

    class Sharing(models.TextChoices):
        OWN = "own", _("Only me")
        TEAM = "team", _("My team")
        ALL = "all", _("Everybody")

    class Shape(models.TextChoices):
        TABLE = "table", _("Table")
        BOARD = "board", _("Board")
        CALENDAR = "calendar", _("Calendar")
        GROUPS = "groups", _("Groups")

    name = models.CharField(_("name"), max_length=60)
    resource = models.CharField(max_length=30)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sharing = models.CharField(_("who sees it"), max_length=4, choices=Sharing, default=Sharing.OWN)
    criterion = models.JSONField(null=True)
    search = models.CharField(max_length=200, blank=True, default="")
    columns = ArrayField(models.CharField(max_length=60), default=list)
    sort = models.CharField(max_length=200, blank=True, default="")
    shape = models.CharField(max_length=8, choices=Shape, default=Shape.TABLE)
    by = models.CharField(max_length=60, blank=True, default="")
    for_roles = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "resource", "name", name="saved_view_name_once")
        ]
        indexes = [models.Index("resource", "sharing", name="saved_view_by_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("view", self.pk)
