"""Saved views: lists as somebody set them up, for themselves or for others."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import StartsWith
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.records.resources import resource


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views, narrowed down."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """One's own, those of colleagues of the same team or above it, and those for everybody.

        One's own are one's to change; administrators change those that others see too. Whoever
        sees no records of a kind sees no views of them.
        """
        reached = _read_by(user) if act == "view" else _changed_by(user)
        return self.filter(reached, resource__in=lists_of(user))


def lists_of(user: User) -> list[str]:
    """The lists that a person may look at, by name."""
    return [name for name in SavedView.RESOURCES if user.may(resource(name).kind, "view")]


def _changed_by(user: User) -> Q:
    own = Q(owner=user.pk)
    return own | ~Q(sharing=SavedView.Sharing.OWN) if user.is_admin else own


def _read_by(user: User) -> Q:
    seen = Q(owner=user.pk) | Q(sharing=SavedView.Sharing.ALL)
    if user.team is not None:
        path = Value(user.team.path, output_field=models.TextField())
        is_above = StartsWith(path, F("owner__team__path"))
        seen |= Q(is_above, sharing=SavedView.Sharing.TEAM)
    return seen


class SavedView(models.Model):
    """A list as somebody set it up: what it shows, in which order and shape, for whom.

    It holds no records: whoever opens it sees what their own rights let them see. `widths` are the
    widths of columns in pixels, by name; what is not said there finds its own.
    """

    RESOURCES = ("contacts", "companies", "leads", "deals", "quotes", "products", "interactions",
                 "tasks", "appointments")  # fmt: skip

    class Sharing(models.TextChoices):
        OWN = "own", _("Only me")
        TEAM = "team", _("My team")
        ALL = "all", _("Everybody")

    class Shape(models.TextChoices):
        TABLE = "table", _("Table")
        BOARD = "board", _("Board")
        CALENDAR = "calendar", _("Calendar")
        MAP = "map", _("Map")
        GROUPS = "groups", _("Groups")

    name = models.CharField(_("name"), max_length=60)
    resource = models.CharField(max_length=30)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    sharing = models.CharField(_("who sees it"), max_length=4, choices=Sharing, default=Sharing.OWN)
    criterion = models.JSONField(null=True)
    search = models.CharField(max_length=200, blank=True, default="")
    columns = ArrayField(models.CharField(max_length=60), default=list)
    widths = models.JSONField(default=dict)
    density = models.CharField(max_length=8, choices=User.Density, blank=True, default="")
    sort = models.CharField(max_length=200, blank=True, default="")
    shape = models.CharField(max_length=8, choices=Shape, default=Shape.TABLE)
    by = models.CharField(max_length=121, blank=True, default="")
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
