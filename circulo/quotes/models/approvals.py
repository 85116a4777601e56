"""Which quotes somebody must approve, and who did."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import Role
from circulo.lib import ids
from circulo.quotes.models.quotes import Quote


class ApprovalRule(models.Model):
    """That quotes which fulfil a criterion are approved before they are sent, and by whom.

    Nobody approves a quote of their own unless the rule says `allows_own`.
    """

    class Who(models.TextChoices):
        LEAD = "lead", _("The manager of the team")
        ROLE = "role", _("Anybody of a role")
        PERSON = "person", _("One person")

    name = models.CharField(_("name"), max_length=120)
    criterion: models.JSONField[Any, Any] = models.JSONField(_("conditions"))
    who = models.CharField(_("who approves"), max_length=6, choices=Who, default=Who.LEAD)
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    allows_own = models.BooleanField(_("also one’s own"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("approval rule")
        constraints = [
            models.UniqueConstraint("name", name="approval_rule_name_once"),
            models.CheckConstraint(
                name="approval_rule_says_who",
                condition=Q(who="lead", role=None, person=None)
                | Q(who="role", role__isnull=False, person=None)
                | Q(who="person", role=None, person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("approval_rule", self.pk)


class Approval(models.Model):
    """That a quote met a rule: who was asked to approve it, why, and what was decided.

    `reason` are the words of the rule as it was then; `people` may decide.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("approval", "Waiting")
        APPROVED = "approved", pgettext_lazy("approval", "Approved")
        RETURNED = "returned", pgettext_lazy("approval", "Sent back")
        DROPPED = "dropped", pgettext_lazy("approval", "Asked no more")

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="approvals")
    rule = models.ForeignKey(ApprovalRule, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=120)
    people = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("approval")
        constraints = [
            models.CheckConstraint(
                name="approval_decided_at_iff_decided",
                condition=Q(state="waiting", decided_at=None)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
            )
        ]
        indexes = [GinIndex("people", name="approval_by_people", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.reason}: {self.state}"
