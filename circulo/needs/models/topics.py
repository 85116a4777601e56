"""The topics: what a firm wants to know of its customers."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circulo.lib import ids
from circulo.parties.models import PartyKind


class Sort(models.TextChoices):
    """What is learned of somebody: what they like, dislike, need or prefer, or a plain fact."""

    LIKE = "like", _("Likes")
    DISLIKE = "dislike", _("Dislikes")
    NEED = "need", pgettext_lazy("somebody", "Needs")
    PREFERENCE = "preference", _("Prefers")
    FACT = "fact", _("Fact")


class Answer(models.TextChoices):
    """How a question is answered."""

    CHOICE = "choice", _("One of several")
    SEVERAL = "several", _("Several at once")
    SCALE = "scale", _("From 1 to 5")
    NUMBER = "number", _("A number")
    TEXT = "text", _("Words")
    YES_NO = "yes_no", _("Yes or no")
    DATE = "date", _("A day")


Asked = TypeVar("Asked", bound=models.Model)
CHOSEN = (Answer.CHOICE, Answer.SEVERAL)


class AskedQuerySet(models.QuerySet[Asked]):
    """What people or organisations are asked, until it is retired."""

    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def about(self, kind: str) -> Self:
        """Those that one asks a person, or an organisation."""
        whom = "is_for_contacts" if kind == PartyKind.PERSON else "is_for_companies"
        return self.filter(**{whom: True})


class TopicQuerySet(AskedQuerySet["Topic"]):
    """Topics, as screens ask for them."""

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Topic(models.Model):
    """Something that the firm wants to know of its customers, and how much that is worth.

    What is known of it fades: after `half_life_days` an answer is half as certain. It is not asked
    again of the same party for `rest_days`.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True, db_collation="C")
    label_es = models.CharField(_("question in Spanish"), max_length=160)
    label_en = models.CharField(_("question in English"), max_length=160)
    short_es = models.CharField(_("name in Spanish"), max_length=60)
    short_en = models.CharField(_("name in English"), max_length=60)
    sort = models.CharField(_("what it tells"), max_length=10, choices=Sort)
    answer = models.CharField(_("answered with"), max_length=8, choices=Answer)
    choices = models.JSONField(default=list, blank=True)
    is_for_contacts = models.BooleanField(_("asked of contacts"), default=True)
    is_for_companies = models.BooleanField(_("asked of companies"), default=True)
    half_life_days = models.PositiveIntegerField(
        _("half-life in days"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(36500)],
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    rest_days = models.PositiveIntegerField(
        _("rest in days"), default=60, validators=[MaxValueValidator(3650)]
    )
    position = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="topic_concerns_somebody",
                condition=Q(is_for_contacts=True) | Q(is_for_companies=True),
            ),
            models.CheckConstraint(
                name="topic_has_choices_where_one_chooses",
                condition=~Q(answer__in=[a.value for a in CHOSEN]) ^ ~Q(choices=[]),
            ),
            models.CheckConstraint(
                name="topic_fades_and_counts",
                condition=Q(half_life_days__gte=1, weight__gte=1, weight__lte=10),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("topic", self.pk)

    @property
    def name(self) -> str:
        """What it is called in the language of who reads."""
        return self.short_es if speaks_spanish() else self.short_en

    @property
    def question(self) -> str:
        """How it is asked, in the language of who reads."""
        return self.label_es if speaks_spanish() else self.label_en

    @property
    def offered(self) -> list[tuple[str, str]]:
        """What can be chosen: key and words, in the language of who reads."""
        return [(one["key"], choice_label(one)) for one in self.choices]


def speaks_spanish() -> bool:
    """Whether whoever reads now reads Spanish."""
    return (get_language() or "es").startswith("es")


def choice_label(choice: dict[str, Any]) -> str:
    """The words of a choice, in the language of who reads."""
    return str(choice["es"] if speaks_spanish() else choice["en"])
