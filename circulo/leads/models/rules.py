"""What a house decides of its leads: how they are scored, to whom they go, how soon they are
answered.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import Team
from circulo.lib import ids


class LeadDesk(models.Model):
    """How the house receives leads: who gets what no rule takes, and how soon it is answered.

    The clock of an answer runs on weekdays between the two hours, in the time zone of the firm.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("whoever gets what no rule takes"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    answer_minutes = models.PositiveIntegerField(_("minutes until the first answer"), default=240)
    first_hour = models.PositiveSmallIntegerField(_("from"), default=9)
    last_hour = models.PositiveSmallIntegerField(_("until"), default=18)
    works_saturdays = models.BooleanField(_("Saturdays too"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_lead_desk", condition=Q(pk=1)),
            models.CheckConstraint(
                name="lead_desk_is_open",
                condition=Q(first_hour__lt=F("last_hour"), last_hour__lte=24),
            ),
            models.CheckConstraint(
                name="lead_desk_answers_within_a_month",
                condition=Q(answer_minutes__gte=1, answer_minutes__lte=44_640),
            ),
        ]

    def __str__(self) -> str:
        return str(self.owner or self.team or "")


class RuleQuerySet(models.QuerySet["ScoreRule"]):
    """Rules of the score, as they are applied."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class ScoreRule(models.Model):
    """Points that a lead gets, or loses, where it fulfils a criterion."""

    label = models.CharField(_("because"), max_length=120)
    criteria = models.JSONField(_("where"), default=dict)
    points = models.SmallIntegerField(_("points"))
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("score rule")
        constraints = [
            models.CheckConstraint(
                name="score_rule_gives_some_points",
                condition=Q(points__gte=-100, points__lte=100) & ~Q(points=0),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def public_id(self) -> str:
        return ids.encode("score_rule", self.pk)


class RouteQuerySet(models.QuerySet["RouteRule"]):
    """Rules of the way, as they are applied."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class RouteRule(models.Model):
    """To whom a lead goes where it fulfils a criterion: the first rule that can give it decides.

    The people of a rule are its members. With `needs_territory` it gives a lead only to those who
    work where the lead lies, nearest first, and without members to anybody who works there. A queue
    is that of a team. `answer_minutes` is how soon it is answered; `turns` when each of its people
    last got a lead by it, counted by the rule.
    """

    class Way(models.TextChoices):
        TURN = "turn", pgettext_lazy("route", "By turn")
        LOAD = "load", pgettext_lazy("route", "To whoever has fewest open leads")
        QUEUE = "queue", pgettext_lazy("route", "Into the queue of a team")

    label = models.CharField(_("name"), max_length=120)
    criteria = models.JSONField(_("where"), default=dict, blank=True)
    way = models.CharField(_("how it is given"), max_length=10, choices=Way, default=Way.TURN)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    needs_territory = models.BooleanField(
        _("only to who works in its territory"), default=False, db_default=False
    )
    needs_language = models.BooleanField(_("only to who speaks its language"), default=False)
    needs_skill = models.BooleanField(_("only to who knows about its tags"), default=False)
    answer_minutes = models.PositiveIntegerField(
        _("minutes until the first answer"), null=True, blank=True
    )
    turns = models.JSONField(default=dict, db_default={}, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route rule")
        constraints = [
            models.CheckConstraint(
                name="route_rule_answers_within_a_month",
                condition=Q(answer_minutes=None)
                | Q(answer_minutes__gte=1, answer_minutes__lte=44_640),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def public_id(self) -> str:
        return ids.encode("route_rule", self.pk)


class RouteMember(models.Model):
    """Somebody to whom a rule gives leads, with what they speak and know about."""

    rule = models.ForeignKey(RouteRule, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="lead_routes",
        verbose_name=_("colleague"),
    )  # fmt: skip
    languages = ArrayField(
        models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True
    )
    skills = ArrayField(
        models.CharField(max_length=50), verbose_name=_("knows about"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("colleague of a route rule")
        constraints = [models.UniqueConstraint("rule", "user", name="route_member_once")]

    def __str__(self) -> str:
        return f"{self.user}"
