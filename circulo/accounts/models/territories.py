"""How the firm divides its market: a tree of territories, and who works in each."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models.people import User
from circulo.lib import ids

MOST_LEVELS = 8


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Territories, as pages, rules and rights ask for them."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Everybody who works here knows how the market is divided; administrators divide it."""
        return self if act == "view" or user.is_admin else self.none()

    def in_order(self) -> Self:
        """As people put them: those of one parent one after the other."""
        return self.order_by("position", "pk")

    def below(self, territory: Territory) -> Self:
        """A territory and all that lie within it."""
        return self.filter(path__startswith=territory.path)

    def worked_by(self, user: User) -> Self:
        """Those that a person manages or works in, with all that lie within them."""
        own = Territory.objects.filter(Q(manager=user.pk) | Q(members=user.pk))
        path = ExpressionWrapper(OuterRef("path"), models.CharField())
        around = own.alias(inner=path).filter(inner__startswith=F("path"))
        return self.filter(Exists(around))


class Territory(models.Model):
    """A part of the market that some people work in.

    It lies within its parent: `path` names the territories from the top down to it, so that all
    within one are found by how their path begins. Of companies it takes those that `rule` says, of
    people without a company those of `people_rule`, each asked only of what the rules above it
    take; with `claims_people` also people whose company lies elsewhere. Where several would take
    somebody, what lies deeper goes before what it lies in, and then the lower `position`.
    """

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("lies within"),
    )  # fmt: skip
    path = models.CharField(max_length=400, editable=False, db_collation="C", default="")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    rule = models.JSONField(_("companies"), default=dict, blank=True)
    people_rule = models.JSONField(_("contacts"), default=dict, blank=True)
    claims_people = models.BooleanField(_("also those of companies elsewhere"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    manager = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="managed_territories",
        verbose_name=_("manager"),
    )  # fmt: skip
    members = models.ManyToManyField(User, through="TerritoryMember", related_name="territories")
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        constraints = [
            models.UniqueConstraint("name", name="territory_name_is_unique"),
            models.CheckConstraint(name="territory_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="territory_is_not_its_own_parent", condition=~Q(parent=F("id"))
            ),
        ]
        indexes = [models.Index("path", name="territory_by_path")]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("territory", self.pk)

    @property
    def depth(self) -> int:
        """How many territories it lies within."""
        return self.path.count("/") - 1


class TerritoryMember(models.Model):
    """That somebody works in a territory."""

    territory = models.ForeignKey(Territory, models.CASCADE, db_index=False)
    user = models.ForeignKey(User, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint("territory", "user", name="territory_member_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.territory}"
