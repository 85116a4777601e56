"""Public forms by which leads come in, and the proof of what was sent and agreed to."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circulo.leads.models.leads import Lead
from circulo.lib import ids


class WebFormQuerySet(models.QuerySet["WebForm"]):
    """Forms, as their pages ask for them."""

    def open(self) -> Self:
        return self.filter(is_active=True)


class WebForm(models.Model):
    """A public form: what it asks in which order, what one agrees to, and what happens then.

    `fields` are objects with `name`, `label`, `is_required`; `consents` with `purpose`, `text`,
    `version`, `is_required`. `sites` may show it in a frame, and its thanks may lead to them.
    """

    name = models.CharField(_("name"), max_length=120)
    token = models.CharField(max_length=40, unique=True, editable=False)
    title = models.CharField(_("heading"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True, default="")
    button = models.CharField(_("button"), max_length=60, blank=True, default="")
    language = models.CharField(_("language"), max_length=5, default="es")
    fields = models.JSONField(_("fields"), default=list)
    consents = models.JSONField(_("consents"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=100, blank=True, default="")
    tags = ArrayField(
        models.CharField(max_length=50), verbose_name=_("tags"), default=list, blank=True
    )
    thanks = models.TextField(_("thanks"), blank=True, default="")
    thanks_url = models.CharField(_("page after it"), max_length=500, blank=True, default="")
    sites = ArrayField(
        models.CharField(max_length=200), verbose_name=_("sites that show it"), default=list,
        blank=True,
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = WebFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        constraints = [models.CheckConstraint(name="web_form_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("web_form", self.pk)

    def get_absolute_url(self) -> str:
        return f"/f/{self.token}"


class FormEntry(models.Model):
    """What one person sent by a form, and what they agreed to: written once, the proof of it.

    `network` tells two senders apart and is no address. `doubts` are what made it suspect.
    """

    form = models.ForeignKey(WebForm, models.PROTECT, related_name="entries", db_index=False)
    form_version = models.PositiveIntegerField()
    lead = models.ForeignKey(Lead, models.SET_NULL, null=True, related_name="entries")
    nonce = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    consents = models.JSONField(default=list)
    network = models.CharField(max_length=64, blank=True, default="")
    user_agent = models.CharField(max_length=300, blank=True, default="")
    doubts = models.JSONField(default=list)
    digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        verbose_name = _("entry of a form")
        indexes = [
            models.Index("form", "digest", "sent_at", name="form_entry_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.sent_at:%Y-%m-%d}"
