"""The deal: a sale that is being pursued with a party, from the first contact to won or lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.sales.models.pipelines import ForecastAs, Pipeline, Reason, Stage

if TYPE_CHECKING:
    from circulo.accounts.models import User

# What has no date comes after everything that has one; an unknown amount is less than any.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
NO_DAY = date(9999, 12, 31)
UNKNOWN = Decimal(-1)
# Days in a stage sort by the time until a day far off, of what is over less more than any of that.
FAR_OFF, OVER = datetime(2200, 1, 1, tzinfo=UTC), 10**16
KEPT = Q(binned_at=None)
ON_BOARD = Q(outcome="open", binned_at=None)
IS_WON = Q(outcome="won", binned_at=None)
# What search looks into, beside the own fields that an administrator chose for that.
SEARCHED = ("title", "reference", "agent")


def _micros(until: F | Value, since: F) -> Func:
    """How long it is from one moment to another, in microseconds."""
    return Func(
        until, since, template="(extract(epoch FROM %(expressions)s) * 1000000)::bigint",
        arg_joiner=" - ", output_field=BigIntegerField(),
    )  # fmt: skip


class DealQuerySet(models.QuerySet["Deal"]):
    """Deals, as lists and boards ask for them."""

    def kept(self) -> Self:
        """Those that are not in the bin."""
        return self.filter(binned_at=None)

    def open(self) -> Self:
        return self.filter(outcome=Deal.Outcome.OPEN)

    def on_board(self) -> Self:
        """Those that stand in the columns of a board."""
        return self.filter(outcome=Deal.Outcome.OPEN, binned_at=None)

    def by_rank(self) -> Self:
        """In the order in which people put them in their column."""
        return self.order_by("rank", "pk")

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those that this person may view (or edit, or delete), never what is in the bin; with
        `restore` those in the bin that this person may take out of it.

        Whoever made a deal or has a share of it sees it, whatever their reach; and so does whoever
        sees the deals of a colleague who has a share of it.
        """
        if act == "restore":
            return self.exclude(binned_at=None).within(user, "delete")
        return self.kept().within(user, act)

    def within(self, user: User, act: str) -> Self:
        """Those in this person's reach, whether they are in the bin or not."""
        reach = user.reach("deals", act)
        if reach == Reach.ALL:
            return self
        seen = owned_within(user, "deals", act, territory="party__territory")
        if act == "view" and reach != Reach.NONE:
            seen |= Q(created_by=user.pk) | Q(pk__in=shared_within(user))
        return self.filter(seen)


def shared_within(user: User) -> models.QuerySet[Any, int]:
    """The keys of the deals that somebody within a person's reach has a share of."""
    shares = Deal._meta.get_field("shares").related_model._default_manager
    return shares.filter(owned_within(user, "deals", "view", "user")).values_list("deal", flat=True)


class Deal(models.Model):
    """A sale that is being pursued with a party, from the first contact to won or lost.

    `rank` is its place among the deals of its stage. `reference` is the number by which other
    systems know it, and `agent` whose it was there, where nobody of that name works here. Where
    `amount_from_lines`, the amount is what its lines come to without tax. A forecast counts it as
    its stage says unless `forecast_as` says otherwise.

    `probability` follows from the stage and the outcome: whatever writes deals or stages keeps it.
    `in_stage_key` sorts by the days in a stage and never ages: of open deals by when they came
    there, and those that are over, by how long they were, before all of these.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", pgettext_lazy("deal", "Open")
        WON = "won", pgettext_lazy("deal", "Won")
        LOST = "lost", pgettext_lazy("deal", "Lost")

    title = models.CharField(pgettext_lazy("deal", "title"), max_length=200)
    title_key = models.GeneratedField(
        expression=Func(F("title"), function="circulo_sort_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    party = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="deals",
        verbose_name=_("contact"), db_index=False,
    )  # fmt: skip
    pipeline = models.ForeignKey(
        Pipeline, models.PROTECT, related_name="deals", verbose_name=_("pipeline"), db_index=False
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="deals", verbose_name=_("stage"), db_index=False
    )
    rank = models.TextField(db_collation="C", editable=False)
    amount = models.DecimalField(
        _("amount"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    amount_key = models.GeneratedField(
        expression=Coalesce(F("amount"), Value(UNKNOWN)),
        output_field=models.DecimalField(max_digits=19, decimal_places=4),
        db_persist=True,
    )
    probability = models.PositiveSmallIntegerField(_("probability"), default=0, editable=False)
    weighted_key = models.GeneratedField(
        expression=Coalesce(F("amount") * F("probability") / Value(Decimal(100)), Value(UNKNOWN)),
        output_field=models.DecimalField(max_digits=21, decimal_places=6),
        db_persist=True,
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    amount_from_lines = models.BooleanField(_("amount from lines"), default=False, db_default=False)
    outcome = models.CharField(_("outcome"), max_length=4, choices=Outcome, default=Outcome.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_key = models.GeneratedField(
        expression=Coalesce(F("closed_at"), Value(NEVER)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    expected_key = models.GeneratedField(
        expression=Coalesce(F("expected_on"), Value(NO_DAY)),
        output_field=models.DateField(),
        db_persist=True,
    )
    forecast_as = models.CharField(
        _("in the forecast"), max_length=9, choices=ForecastAs, blank=True, default=""
    )
    opened_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    stage_since = models.DateTimeField(_("in this stage since"), editable=False)
    in_stage_key = models.GeneratedField(
        expression=Case(
            When(closed_at=None, then=_micros(Value(FAR_OFF), F("stage_since"))),
            default=_micros(F("closed_at"), F("stage_since")) - Value(OVER),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deals", db_index=False,
        verbose_name=_("owner"),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    agent = models.CharField(_("agent elsewhere"), max_length=150, blank=True, default="")
    source = models.CharField(_("source"), max_length=100, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=100, blank=True, default="")
    reason = models.ForeignKey(
        Reason, models.PROTECT, null=True, blank=True, related_name="deals",
        verbose_name=_("reason"), db_index=False,
    )  # fmt: skip
    reason_note = models.TextField(_("in their words"), blank=True, default="")
    lost_to = models.CharField(_("lost to"), max_length=120, blank=True, default="", db_default="")
    tags = ArrayField(
        models.CharField(max_length=50), verbose_name=_("tags"), default=list, blank=True
    )
    notes = models.TextField(_("about"), blank=True, default="")
    reference = models.CharField(
        _("reference"), max_length=100, blank=True, default="", db_collation="C"
    )
    custom = models.JSONField(default=dict, blank=True)
    search = models.TextField(editable=False, default="", db_collation="C")
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    binned_at = models.DateTimeField(null=True, editable=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        constraints = [
            models.CheckConstraint(name="deal_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="deal_closed_at_iff_over",
                condition=Q(outcome="open", closed_at=None)
                | ~Q(outcome="open") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deal_reason_only_when_over",
                condition=~Q(outcome="open") | Q(reason=None, reason_note=""),
            ),
            models.CheckConstraint(
                name="deal_lost_to_only_when_lost",
                condition=Q(lost_to="") | Q(outcome="lost"),
            ),
            models.CheckConstraint(
                name="deal_amount_is_not_negative",
                condition=Q(amount=None) | Q(amount__gte=0),
            ),
            models.UniqueConstraint(
                "reference",
                name="deal_reference_is_unique",
                condition=~Q(reference="") & KEPT,
            ),  # fmt: skip
        ]
        indexes = [
            models.Index("stage", "rank", "id", name="deal_on_board", condition=ON_BOARD),
            models.Index("owner", "outcome", "expected_key", "id", name="deal_by_owner"),
            models.Index("outcome", "expected_key", "id", name="deal_by_date", condition=KEPT),
            models.Index("amount_key", "id", name="deal_by_amount", condition=KEPT),
            models.Index("weighted_key", "id", name="deal_by_weight", condition=KEPT),
            models.Index("probability", "id", name="deal_by_probability", condition=KEPT),
            models.Index("in_stage_key", "id", name="deal_by_days_in_stage", condition=KEPT),
            models.Index("expected_key", "id", name="deal_by_expectation", condition=KEPT),
            models.Index("closed_key", "id", name="deal_by_end", condition=KEPT),
            models.Index("title_key", "id", name="deal_by_title", condition=KEPT),
            models.Index(
                "closed_at",
                name="deal_won",
                condition=IS_WON,
                include=["id", "owner", "amount", "currency", "opened_at"],
            ),
            models.Index("created_at", "id", name="deal_by_creation"),
            models.Index("updated_at", "id", name="deal_by_change"),
            models.Index("party", "outcome", name="deal_by_party"),
            models.Index(Upper("lost_to"), name="deal_by_lost_to", condition=~Q(lost_to="")),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="deal_by_search"),
            GinIndex("tags", name="deal_by_tag"),
            models.Index("binned_at", name="deal_in_bin", condition=~KEPT),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        return ids.encode("deal", self.pk)

    def get_absolute_url(self) -> str:
        return f"/deals/{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN
