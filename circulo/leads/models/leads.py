"""The lead: what came in from somebody who may buy, in the words in which it came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circulo.accounts.models import Team
from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.sales.models import Deal
from circulo.timeline.kinds import CHANNELS
from circulo.timeline.models import Interaction

if TYPE_CHECKING:
    from circulo.accounts.models import User

# What nobody waits for comes after everything that has a moment.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
KEPT = Q(binned_at=None)
UNANSWERED = Q(answered_at=None, status__in=("new", "working"))


def _trade() -> Combinable:
    """What a lead goes by where no name was given: its company, and never a way to reach it, which
    not every role may see."""
    nameless = When(given_name="", first_surname="", second_surname="", then=F("company"))
    return Case(nameless, default=Value(""), output_field=models.TextField())


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads, as lists and boards ask for them."""

    def kept(self) -> Self:
        """Those that are not in the bin."""
        return self.filter(binned_at=None)

    def open(self) -> Self:
        """Those that somebody still has to decide on."""
        return self.filter(status__in=(Lead.Status.NEW, Lead.Status.WORKING))

    def unanswered(self) -> Self:
        """Open ones that nobody has answered yet."""
        return self.filter(UNANSWERED)

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those that this person may view (or edit, or delete), never what is in the bin; with
        `restore` those in the bin that this person may take out of it.

        Whoever sees what a team owns sees what waits in its queue, too; whoever made a lead sees
        it, whatever their reach.
        """
        if act == "restore":
            return self.exclude(binned_at=None).within(user, "delete")
        return self.kept().within(user, act)

    def within(self, user: User, act: str) -> Self:
        """Those in this person's reach, whether they are in the bin or not."""
        reach = user.reach("leads", act)
        if reach == Reach.ALL:
            return self
        seen = owned_within(user, "leads", act, territory="party__territory")
        if reach.has_team and user.team is not None:
            seen |= Q(owner=None, team__in=Team.objects.filter(path__startswith=user.team.path))
        if act == "view" and reach != Reach.NONE:
            seen |= Q(created_by=user.pk)
        return self.filter(seen)

    def waiting_for(self, user: User) -> Self:
        """Those in the queue of a person's team, which they may take; nobody else's."""
        if user.team is None or not user.may("leads", "edit"):
            return self.none()
        return self.kept().open().filter(owner=None, team=user.team)


class LeadReason(models.Model):
    """Why leads are discarded."""

    label = models.CharField(_("reason"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reason")
        constraints = [models.UniqueConstraint("label", name="lead_reason_said_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def public_id(self) -> str:
        return ids.encode("lead_reason", self.pk)


class Lead(models.Model):
    """What came in from somebody who may buy, until it became a contact and a deal, or nothing.

    Its words stay as they came. `party` and `company_party` are who it is known to be; `route` says
    why it came to whom. `reference` is the number by which other systems know it.
    """

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("lead", "New")
        WORKING = "working", pgettext_lazy("lead", "In progress")
        CONVERTED = "converted", pgettext_lazy("lead", "Converted")
        DISCARDED = "discarded", pgettext_lazy("lead", "Discarded")
        SUSPECT = "suspect", pgettext_lazy("lead", "Looks like spam")

    given_name = models.CharField(_("given name"), max_length=100, blank=True, default="")
    first_surname = models.CharField(_("first surname"), max_length=100, blank=True, default="")
    second_surname = models.CharField(_("second surname"), max_length=100, blank=True, default="")
    company = models.CharField(_("company"), max_length=200, blank=True, default="")
    job_title = models.CharField(_("job title"), max_length=120, blank=True, default="")
    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=60, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    postal_code = models.CharField(
        _("postal code"), max_length=12, blank=True, default="", db_default=""
    )
    region = models.CharField(_("province or state"), max_length=100, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    message = models.TextField(_("in their words"), blank=True, default="")
    language = models.CharField(_("language"), max_length=5, blank=True, default="")
    name = models.GeneratedField(
        expression=Func(
            F("given_name"), F("first_surname"), F("second_surname"), _trade(),
            function="circulo_name",
        ),
        output_field=models.CharField(_("name"), max_length=600),
        db_persist=True,
    )  # fmt: skip
    name_key = models.GeneratedField(
        expression=Func(
            F("first_surname"), F("second_surname"), F("given_name"), _trade(),
            function="circulo_party_sort_key",
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=100, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=100, blank=True, default="")
    channel = models.CharField(
        _("channel"), max_length=12, choices=list(CHANNELS.items()), blank=True, default=""
    )
    party = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="leads",
        verbose_name=_("contact"), db_index=False,
    )  # fmt: skip
    company_party = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="company_leads",
        verbose_name=_("known company"), db_index=False,
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.NEW)
    reason = models.ForeignKey(
        LeadReason, models.PROTECT, null=True, blank=True, related_name="leads",
        verbose_name=_("reason"), db_index=False,
    )  # fmt: skip
    reason_note = models.TextField(_("why exactly"), blank=True, default="")
    score = models.PositiveSmallIntegerField(_("score"), default=0)
    score_kind = models.CharField(max_length=10, default="rules", editable=False)
    score_reasons = models.JSONField(default=list, blank=True, editable=False)
    scored_at = models.DateTimeField(null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="leads",
        verbose_name=_("owner"), db_index=False,
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("team")
    )
    route = models.JSONField(default=dict, blank=True, editable=False)
    arrived_at = models.DateTimeField(_("came in"), default=timezone.now, editable=False)
    answer_due_at = models.DateTimeField(_("to be answered until"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer_key = models.GeneratedField(
        expression=Case(
            When(UNANSWERED, then=Coalesce(F("answer_due_at"), Value(NEVER))),
            default=Value(NEVER),
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    deal = models.ForeignKey(
        Deal, models.SET_NULL, null=True, blank=True, related_name="leads",
        verbose_name=_("deal"), db_index=False,
    )  # fmt: skip
    converted_at = models.DateTimeField(_("converted"), null=True, editable=False)
    interaction = models.OneToOneField(
        Interaction, models.SET_NULL, null=True, editable=False, related_name="lead"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    tags = ArrayField(
        models.CharField(max_length=50), verbose_name=_("tags"), default=list, blank=True
    )
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

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        constraints = [
            models.CheckConstraint(
                name="lead_says_who",
                condition=~Q(
                    given_name="",
                    first_surname="",
                    second_surname="",
                    company="",
                    email="",
                    phone="",
                ),
            ),
            models.CheckConstraint(
                name="lead_converted_at_iff_converted",
                condition=Q(status="converted", converted_at__isnull=False)
                | ~Q(status="converted") & Q(converted_at=None),
            ),
            models.CheckConstraint(
                name="lead_reason_only_when_discarded",
                condition=Q(status="discarded") | Q(reason=None, reason_note=""),
            ),
            models.CheckConstraint(name="lead_score_is_of_a_hundred", condition=Q(score__lte=100)),
            models.UniqueConstraint(
                "reference",
                name="lead_reference_is_unique",
                condition=~Q(reference="") & KEPT,
            ),
        ]
        indexes = [
            models.Index("owner", "status", "answer_key", "id", name="lead_by_owner"),
            models.Index("status", "answer_key", "id", name="lead_by_status", condition=KEPT),
            models.Index("answer_key", "id", name="lead_by_answer", condition=KEPT),
            models.Index("arrived_at", "id", name="lead_by_arrival", condition=KEPT),
            models.Index("score", "id", name="lead_by_score", condition=KEPT),
            models.Index("name_key", "id", name="lead_by_name", condition=KEPT),
            models.Index("created_at", "id", name="lead_by_creation"),
            models.Index("updated_at", "id", name="lead_by_change"),
            models.Index("party", "status", name="lead_by_party"),
            models.Index(
                "company_party", name="lead_by_company", condition=Q(company_party__isnull=False)
            ),
            models.Index("deal", name="lead_by_deal", condition=Q(deal__isnull=False)),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="lead_by_search"),
            GinIndex("tags", name="lead_by_tag"),
            models.Index("binned_at", name="lead_in_bin", condition=~KEPT),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.name) or gettext("Somebody without a name")

    @property
    def public_id(self) -> str:
        return ids.encode("lead", self.pk)

    def get_absolute_url(self) -> str:
        return f"/leads/{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.NEW, self.Status.WORKING)

    @property
    def is_overdue(self) -> bool:
        return bool(self.answer_key < timezone.now())


class LeadStay(models.Model):
    """How long a lead had a status: its whole way, without a gap.

    A stay ends when the next one begins; the last one goes on, and says what the lead itself says.
    """

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="stays", db_index=False)
    status = models.CharField(max_length=9, choices=Lead.Status, default=Lead.Status.NEW)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("stay")
        constraints = [
            models.CheckConstraint(
                name="lead_stay_ends_after_it_began",
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")),
            )
        ]
        indexes = [models.Index("lead", "entered_at", "id", name="stay_of_lead")]

    def __str__(self) -> str:
        return f"{self.status} {self.entered_at:%Y-%m-%d}"
