"""The people and organisations we relate to: one identity, however many ways to reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import ExtractDay, ExtractMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.models import Territory
from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids

if TYPE_CHECKING:
    from circulo.accounts.models import User


class PartyKind(models.TextChoices):
    """What a party is."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


RESOURCES = {PartyKind.PERSON: "contacts", PartyKind.ORGANISATION: "companies"}


class PartyQuerySet(models.QuerySet["Party"]):
    """Parties, as lists ask for them."""

    def people(self) -> Self:
        return self.filter(kind=PartyKind.PERSON)

    def organisations(self) -> Self:
        return self.filter(kind=PartyKind.ORGANISATION)

    def kept(self) -> Self:
        """Those that are not in the bin."""
        return self.filter(binned_at=None)

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those that this person may view (or edit, or delete), never what is in the bin; with
        `restore` those in the bin that this person may take out of it.
        """
        if act == "restore":
            gone = self.exclude(binned_at=None).filter(merged_into=None)
            return gone.within(user, "delete")
        return self.kept().within(user, act)

    def within(self, user: User, act: str) -> Self:
        """Those in this person's reach, whether they are in the bin or not."""
        contacts, companies = user.reach("contacts", act), user.reach("companies", act)
        if contacts == companies == Reach.ALL:
            return self
        if contacts == companies:
            return self.filter(_within(user, "contacts", act))
        return self.filter(
            Q(kind=PartyKind.PERSON) & _within(user, "contacts", act)
            | Q(kind=PartyKind.ORGANISATION) & _within(user, "companies", act)
        )


def _within(user: User, resource: str, act: str) -> Q:
    return owned_within(user, resource, act, territory="territory")


class Party(models.Model):
    """A person or an organisation that we relate to.

    `territory` follows from the rules of the territories, unless somebody said by hand which it is
    (`pinned_territory`).
    """

    class Lifecycle(models.TextChoices):
        CONTACT = "contact", pgettext_lazy("lifecycle", "Contact")
        LEAD = "lead", _("Lead")
        PROSPECT = "prospect", _("Prospect")
        CUSTOMER = "customer", _("Customer")
        FORMER = "former", _("Former customer")
        PARTNER = "partner", _("Partner")
        SUPPLIER = "supplier", _("Supplier")
        MEMBER = "member", _("Member")
        OTHER = "other", pgettext_lazy("lifecycle", "Other")

    class Address(models.TextChoices):
        FORMAL = "formal", _("Formal (usted)")
        FAMILIAR = "familiar", _("Familiar (tú)")

    kind = models.CharField(max_length=12, choices=PartyKind)
    given_name = models.CharField(_("given name"), max_length=100, blank=True, default="")
    first_surname = models.CharField(_("first surname"), max_length=100, blank=True, default="")
    second_surname = models.CharField(_("second surname"), max_length=100, blank=True, default="")
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True, default="")
    title = models.CharField(_("title"), max_length=30, blank=True, default="")
    trade_name = models.CharField(_("name"), max_length=200, blank=True, default="")
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True, default="")
    name = models.GeneratedField(
        expression=Func(
            F("given_name"),
            F("first_surname"),
            F("second_surname"),
            F("trade_name"),
            function="circulo_name",
        ),
        output_field=models.CharField(_("name"), max_length=600),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Func(
            F("first_surname"),
            F("second_surname"),
            F("given_name"),
            F("trade_name"),
            function="circulo_party_sort_key",
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    search = models.TextField(editable=False, default="", db_collation="C")
    tax_id = models.CharField(_("tax id"), max_length=30, blank=True, default="")
    tax_country = models.CharField(max_length=2, blank=True, default="")
    has_valid_tax_id = models.BooleanField(null=True, editable=False)
    job_title = models.CharField(_("job title"), max_length=120, blank=True, default="")
    company = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("company"),
    )
    industry = models.CharField(_("industry"), max_length=100, blank=True, default="")
    size = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    annual_revenue = models.DecimalField(
        _("annual revenue"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True, default="")
    form_of_address = models.CharField(
        _("form of address"), max_length=8, choices=Address, blank=True, default=""
    )
    lifecycle = models.CharField(
        _("lifecycle"), max_length=10, choices=Lifecycle, default=Lifecycle.CONTACT
    )
    source = models.CharField(_("source"), max_length=100, blank=True, default="")
    tags = ArrayField(
        models.CharField(max_length=50), verbose_name=_("tags"), default=list, blank=True
    )
    notes = models.TextField(_("about"), blank=True, default="")
    custom = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="parties",
        verbose_name=_("owner"),
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, editable=False, db_index=False,
        related_name="parties", verbose_name=_("territory"),
    )  # fmt: skip
    pinned_territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, db_index=False,
        related_name="pinned_parties", verbose_name=_("territory by hand"),
    )  # fmt: skip
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    binned_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="merged",
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.CheckConstraint(
                name="party_name_fits_its_kind",
                condition=Q(kind="person", trade_name="")
                & (~Q(given_name="") | ~Q(first_surname=""))
                | Q(kind="organisation", given_name="", first_surname="", second_surname="")
                & ~Q(trade_name=""),
            ),
            models.CheckConstraint(
                name="party_is_not_its_own_company",
                condition=Q(company=None) | ~Q(company=F("id")),
            ),
            models.CheckConstraint(
                name="party_merged_is_away",
                condition=Q(merged_into=None)
                | Q(binned_at__isnull=False) & ~Q(merged_into=F("id")),
            ),
        ]
        indexes = [
            models.Index(
                "kind", "sort_key", "id", name="party_by_name", condition=Q(binned_at=None)
            ),
            models.Index(
                "owner",
                "kind",
                "sort_key",
                "id",
                name="party_by_owner",
                condition=Q(binned_at=None),
            ),
            models.Index(
                "territory",
                "kind",
                "sort_key",
                "id",
                name="party_by_territory",
                condition=Q(binned_at=None, territory__isnull=False),
            ),
            models.Index(
                "pinned_territory",
                name="party_by_pin",
                condition=Q(pinned_territory__isnull=False),
            ),
            models.Index("kind", "created_at", "id", name="party_by_creation"),
            models.Index("kind", "updated_at", "id", name="party_by_change"),
            models.Index("kind", "lifecycle", "sort_key", "id", name="party_by_lifecycle"),
            models.Index("tax_id", name="party_by_tax_id", condition=~Q(tax_id="")),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="party_by_search"),
            GinIndex("tags", name="party_by_tag"),
            models.Index(
                "owner",
                ExtractMonth("birthday"),
                ExtractDay("birthday"),
                name="party_by_birthday",
                condition=Q(birthday__isnull=False),
            ),
            models.Index("birthday", name="party_by_birth", condition=Q(birthday__isnull=False)),
            models.Index("binned_at", name="party_in_bin", condition=Q(binned_at__isnull=False)),
            models.Index(
                "merged_into", name="party_by_merge", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def public_id(self) -> str:
        return ids.encode("party", self.pk)

    @property
    def is_person(self) -> bool:
        return self.kind == PartyKind.PERSON

    @property
    def is_organisation(self) -> bool:
        return self.kind == PartyKind.ORGANISATION

    @property
    def resource(self) -> str:
        """The list it belongs to: `contacts` or `companies`, which is also its kind of right."""
        return RESOURCES[PartyKind(self.kind)]

    def get_absolute_url(self) -> str:
        return f"/{self.resource}/{self.public_id}"

    @property
    def history_url(self) -> str:
        """Where its timeline is read page by page."""
        return f"/timeline/{self.public_id}"


class Point(models.Model):
    """One way to reach a party: an e-mail address, a phone, a fax, a page, a social handle."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        FAX = "fax", _("Fax")
        WEB = "web", _("Web")
        SOCIAL = "social", _("Social network")

    party = models.ForeignKey(Party, models.CASCADE, related_name="points", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    value = models.CharField(max_length=254, db_collation="C")
    label = models.CharField(max_length=30, blank=True, default="")
    is_primary = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("party", "kind", "value", name="point_once_per_party"),
            models.UniqueConstraint(
                "party", "kind", name="point_one_primary", condition=Q(is_primary=True)
            ),
            models.CheckConstraint(name="point_has_a_value", condition=~Q(value="")),
        ]
        indexes = [models.Index("kind", "value", name="point_by_value")]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.value


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    """Relationships, as lists ask for them."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those whose parties this person may both view, and act on the first of them."""
        seen = Party.objects.visible_to(user)
        rows = self.filter(other__in=seen)
        return rows.filter(party__in=Party.objects.visible_to(user, act))


class Relationship(models.Model):
    """What one party is to another, and from when to when."""

    class Kind(models.TextChoices):
        WORKS_AT = "works_at", _("works at")
        HOUSEHOLD = "household", _("lives with")
        REFERRED_BY = "referred_by", _("was referred by")
        PARENT_COMPANY = "parent_company", _("belongs to")
        MEMBER_OF = "member_of", _("is a member of")
        RELATED = "related", _("is related to")

    INVERSE = {
        Kind.WORKS_AT: _("employs"),
        Kind.HOUSEHOLD: _("lives with"),
        Kind.REFERRED_BY: _("referred"),
        Kind.PARENT_COMPANY: _("is the parent of"),
        Kind.MEMBER_OF: _("has as a member"),
        Kind.RELATED: _("is related to"),
    }

    party = models.ForeignKey(Party, models.CASCADE, related_name="relationships")
    kind = models.CharField(max_length=15, choices=Kind)
    other = models.ForeignKey(Party, models.CASCADE, related_name="inverse_relationships")
    role = models.CharField(_("role"), max_length=120, blank=True, default="")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relationship_is_with_another", condition=~Q(party=F("other"))
            ),
            models.CheckConstraint(
                name="relationship_ends_after_it_began",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                "party",
                "kind",
                "other",
                name="relationship_once_at_a_time",
                condition=Q(until=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.get_kind_display()} {self.other}"
