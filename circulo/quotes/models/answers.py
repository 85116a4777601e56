"""What a customer, or a colleague for them, said to a quote."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.quotes.models.quotes import Quote


class Answer(models.Model):
    """What was said to a quote: by whom, when, from where, and to which document exactly.

    Where `by` is empty the customer said it on line; else a colleague noted it, or answered what
    was asked: a comment of a colleague is for the customer to read.
    """

    class Kind(models.TextChoices):
        COMMENTED = "commented", pgettext_lazy("quote", "Comment")
        ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
        REFUSED = "refused", pgettext_lazy("quote", "Refused")

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(_("name"), max_length=150)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(
                "quote", name="answer_decides_once", condition=~Q(kind="commented")
            ),
            models.CheckConstraint(name="answer_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
