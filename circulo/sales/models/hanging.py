"""What hangs on a deal: its way so far, lines, people, rivals, shares and next steps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.agenda.models import Entry
from circulo.catalog.models import PricedGoods, Product
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.sales.models.acts import StageAct
from circulo.sales.models.deals import Deal
from circulo.sales.models.pipelines import Stage


class DealStay(models.Model):
    """How long a deal was in a stage, open, won or lost: its whole way, without a gap.

    A stay ends when the next one begins; the last one goes on, and says what the deal itself says.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="stays", db_index=False)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="stays", db_index=False)
    outcome = models.CharField(max_length=4, choices=Deal.Outcome, default=Deal.Outcome.OPEN)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("stay")
        constraints = [
            models.CheckConstraint(
                name="stay_ends_after_it_began",
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")),
            )
        ]
        indexes = [models.Index("deal", "entered_at", "id", name="stay_of_deal")]

    def __str__(self) -> str:
        return f"{self.stage} {self.entered_at:%Y-%m-%d}"


class DealLine(PricedGoods):
    """What a deal is about: so much of a product, with the price that was made for the party."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="deal_lines", verbose_name=_("product")
    )

    class Meta(PricedGoods.Meta):
        verbose_name = _("line")
        indexes = [models.Index("deal", "position", name="line_of_deal")]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.product}"

    @property
    def public_id(self) -> str:
        return ids.encode("deal_line", self.pk)


class DealPerson(models.Model):
    """Somebody on the side of the customer who has a part in a deal."""

    class Part(models.TextChoices):
        DECIDES = "decides", pgettext_lazy("part in a deal", "Decides")
        BUYS = "buys", pgettext_lazy("part in a deal", "Buys")
        USES = "uses", pgettext_lazy("part in a deal", "Uses it")
        INFLUENCES = "influences", pgettext_lazy("part in a deal", "Influences")
        BLOCKS = "blocks", pgettext_lazy("part in a deal", "Blocks")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="people", db_index=False)
    party = models.ForeignKey(
        Party, models.CASCADE, related_name="deal_parts", verbose_name=_("contact")
    )
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.INFLUENCES)

    class Meta:
        verbose_name = _("person involved")
        constraints = [models.UniqueConstraint("deal", "party", name="deal_person_once")]

    def __str__(self) -> str:
        return f"{self.party} {self.get_part_display()}"


class DealShare(models.Model):
    """Which part of a deal is a colleague's who sells it together with its owner."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="shares", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deal_shares",
        verbose_name=_("colleague"),
    )  # fmt: skip
    percent = models.PositiveSmallIntegerField(_("percent"))

    class Meta:
        verbose_name = _("share")
        constraints = [
            models.UniqueConstraint("deal", "user", name="deal_share_once"),
            models.CheckConstraint(
                name="deal_share_is_a_percentage",
                condition=Q(percent__gte=1, percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.percent} %"


class Rival(models.Model):
    """A competitor at a deal."""

    class Strength(models.IntegerChoices):
        WEAK = 1, pgettext_lazy("competitor", "Weak")
        EQUAL = 2, pgettext_lazy("competitor", "As strong as we")
        STRONG = 3, pgettext_lazy("competitor", "Strong")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="rivals", db_index=False)
    name = models.CharField(_("name"), max_length=120)
    strength = models.PositiveSmallIntegerField(
        _("strength"), choices=Strength, default=Strength.EQUAL
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("competitor")
        constraints = [models.UniqueConstraint("deal", "name", name="rival_once_per_deal")]
        indexes = [models.Index(Upper("name"), name="rival_by_name")]

    def __str__(self) -> str:
        return self.name


class DealStep(models.Model):
    """That an entry of the agenda is a step of a deal; the agenda itself knows of no deals.

    Where it was suggested by the stage of the deal, `act` says as which of its acts.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="steps")
    entry = models.OneToOneField(Entry, models.CASCADE, related_name="deal_step")
    act = models.ForeignKey(StageAct, models.SET_NULL, null=True, related_name="steps")

    class Meta:
        verbose_name = _("step")

    def __str__(self) -> str:
        return str(self.entry)
