"""The quote: what a customer is offered, at which prices, until when."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import Reach, owned_within
from circulo.accounts.selectors import day_of_the_firm
from circulo.catalog.models import PricedGoods, Product
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records.models import Attachment
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
_MONEY: dict[str, Any] = {"max_digits": 22, "decimal_places": 4, "default": Decimal}
_PERCENT: dict[str, Any] = {"max_digits": 9, "decimal_places": 3}


def number_of(year: int, serial: int, revision: int) -> str:
    """The number of a quote, equal to the column `number`: 2026-0007, then 2026-0007/2."""
    base = f"{year}-{serial:04d}"
    return base if revision == 1 else f"{base}/{revision}"


class Series(models.Model):
    """The last number that was given to a quote in a year; the next one is taken from here.

    `gone` counts the numbers that went with the demo firm; else none ever goes.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()
    gone = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("series")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class QuotePaper(models.Model):
    """How quotes of the firm look, and what they say at first. There is one.

    `texts` gives introduction and terms by language.
    """

    colour = models.CharField(_("colour"), max_length=7, default="#0f5f66")
    days = models.PositiveSmallIntegerField(_("days that a quote holds"), default=30)
    texts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("paper of quotes")
        constraints = [
            models.CheckConstraint(name="there_is_one_paper_of_quotes", condition=Q(pk=1)),
            models.CheckConstraint(
                name="quote_paper_colour_is_one", condition=Q(colour__regex="^#[0-9a-f]{6}$")
            ),
        ]

    def __str__(self) -> str:
        return self.colour


class QuoteQuerySet(models.QuerySet["Quote"]):
    """Quotes, as lists ask for them."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those that this person may view (or edit, or withdraw).

        Whoever made a quote, or is asked to approve it, sees it whatever their reach.
        """
        reach = user.reach("quotes", act)
        if reach == Reach.ALL:
            return self
        seen = owned_within(user, "quotes", act, territory="party__territory")
        if act == "view" and reach != Reach.NONE:
            seen |= Q(created_by=user.pk) | Q(pk__in=asked_of(user))
        return self.filter(seen)

    def sent(self) -> Self:
        """Those that lie with the customer."""
        return self.filter(status=Quote.Status.SENT)


def asked_of(user: User) -> models.QuerySet[Any, int]:
    """The keys of the quotes that wait for this person's approval."""
    from circulo.quotes.models.approvals import Approval  # which points here

    waiting = Approval.objects.filter(state="waiting", people__contains=[user.pk])
    return waiting.values_list("quote", flat=True)


_NUMBER = (F("year"), F("serial"), F("revision"))
_SAID = Func(*_NUMBER, function="circulo_quote_number", output_field=models.TextField())


class Quote(models.Model):
    """What a customer is offered, at which prices and until when.

    All revisions of a quote have its number; of each there is one row, and only the newest goes on;
    what lies with the customer can be answered until a newer one is sent.
    As soon as it is sent nothing of what it says changes any more; what the firm notes of it in
    `custom`, its own fields, stands on no document and goes on. `discount` is what was taken off
    the listed prices together, `most_discount` the most that somebody gave on a line by hand,
    empty where a price by hand has none on a list to be measured by;
    `margin_rate` is what is left of the net sum, in percent; `total_at_home` the total in the
    currency of the firm, by the rate of the day on which it was priced, where one was known. Of
    the key in the address of its page on line only the digest is kept, and the seed it is made of.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("quote", "Draft")
        WAITING = "waiting", pgettext_lazy("quote", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("quote", "Approved")
        SENT = "sent", pgettext_lazy("quote", "Sent")
        ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
        REFUSED = "refused", pgettext_lazy("quote", "Refused")
        EXPIRED = "expired", pgettext_lazy("quote", "Expired")
        REPLACED = "replaced", pgettext_lazy("quote", "Replaced")
        WITHDRAWN = "withdrawn", pgettext_lazy("quote", "Withdrawn")

    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    number = models.GeneratedField(
        expression=Func(*_NUMBER, function="circulo_quote_number"),
        output_field=models.CharField(max_length=30, db_collation="C"),
        db_persist=True,
    )
    title = models.CharField(pgettext_lazy("quote", "title"), max_length=200)
    search = models.GeneratedField(
        expression=Func(Concat(_SAID, Value(" "), F("title")), function="circulo_plain"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    deal = models.ForeignKey(
        Deal, models.SET_NULL, null=True, blank=True, related_name="quotes", verbose_name=_("deal")
    )
    party = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="quotes",
        verbose_name=_("contact"),
    )  # fmt: skip
    contact = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="quotes_as_contact",
        verbose_name=_("for the attention of"),
    )  # fmt: skip
    addressee = models.TextField(_("addressee"), blank=True, default="")
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="es")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    coupon = models.CharField(_("coupon"), max_length=40, blank=True, default="")
    withholding = models.CharField(_("withholding"), max_length=30, blank=True, default="")
    valid_until = models.DateField(_("valid until"))
    introduction = models.TextField(_("introduction"), blank=True, default="")
    terms = models.TextField(_("terms"), blank=True, default="")
    net = models.DecimalField(_("without tax"), **_MONEY)
    tax = models.DecimalField(_("tax"), **_MONEY)
    withheld = models.DecimalField(_("withheld"), **_MONEY)
    total = models.DecimalField(_("total"), **_MONEY)
    total_at_home = models.DecimalField(
        _("total in the currency of the firm"), max_digits=22, decimal_places=4, null=True
    )
    taxes: models.JSONField[Any, Any] = models.JSONField(default=list)
    discount = models.DecimalField(_("discount"), default=Decimal, **_PERCENT)
    most_discount = models.DecimalField(
        _("highest discount by hand"), default=Decimal, null=True, **_PERCENT
    )
    cost = models.DecimalField(_("cost"), max_digits=22, decimal_places=4, null=True)
    margin_rate = models.DecimalField(_("margin"), null=True, **_PERCENT)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="quotes",
        verbose_name=_("owner"),
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    seed = models.CharField(max_length=43, blank=True, default="", editable=False)
    file = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    seen_at = models.DateTimeField(_("seen by the customer"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision_note = models.TextField(_("in their words"), blank=True, default="")
    is_demo = models.BooleanField(default=False, editable=False)
    custom = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        constraints = [
            models.UniqueConstraint("year", "serial", "revision", name="quote_revision_once"),
            models.UniqueConstraint(
                "year", "serial", name="quote_accepted_once", condition=Q(status="accepted")
            ),
            models.UniqueConstraint("digest", name="quote_key_once", condition=~Q(digest="")),
            models.CheckConstraint(name="quote_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="quote_total_is_net_and_tax_less_withheld",
                condition=Q(total=F("net") + F("tax") - F("withheld")),
            ),
            models.CheckConstraint(
                name="quote_sent_has_its_document",
                condition=~Q(status__in=["sent", "accepted"])
                | Q(sent_at__isnull=False) & ~Q(sha256=""),
            ),
            models.CheckConstraint(
                name="quote_key_only_while_it_lies_there",
                condition=Q(digest="")
                | Q(status__in=["sent", "accepted", "refused", "expired", "replaced"]),
            ),
        ]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="quote_by_search"),
            models.Index("owner", "status", name="quote_by_owner"),
            models.Index("status", "valid_until", name="quote_by_validity"),
            models.Index("number", "id", name="quote_by_number"),
            models.Index("updated_at", "id", name="quote_by_change"),
            models.Index("created_at", "id", name="quote_by_creation"),
            models.Index("total", "id", name="quote_by_total"),
            models.Index("valid_until", "id", name="quote_by_end"),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Its number as people say it; from the second revision on, with that."""
        return number_of(self.year, self.serial, self.revision)

    @property
    def public_id(self) -> str:
        return ids.encode("quote", self.pk)

    def get_absolute_url(self) -> str:
        return f"/quotes/{self.public_id}"

    @property
    def gross(self) -> Decimal:
        """The sum with tax."""
        return self.net + self.tax

    @property
    def margin(self) -> Decimal | None:
        """What is left of it; None where nobody knows what it costs."""
        return None if self.cost is None else self.net - self.cost

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_late(self) -> bool:
        """Whether the day until which it holds is over where the firm is."""
        return self.valid_until < day_of_the_firm()


class QuoteLine(PricedGoods):
    """So much of a product in a quote: a copy of all that was said of it and its price."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, related_name="quote_lines", verbose_name=_("product")
    )
    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=60, blank=True, default="")
    cost = models.DecimalField(max_digits=22, decimal_places=4, null=True)

    class Meta(PricedGoods.Meta):
        verbose_name = _("line")
        indexes = [models.Index("quote", "position", name="line_of_quote")]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.name}"

    @property
    def public_id(self) -> str:
        return ids.encode("quote_line", self.pk)
