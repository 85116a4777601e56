"""Quotas and adjustments as lists of the API see them."""

from django.utils.translation import gettext_lazy as _

from circulo.accounts import territory_tree
from circulo.forecasts.models import Adjustment, Quota
from circulo.forecasts.periods import Span
from circulo.records.resources import Field, Resource, Type, named, register

register(
    Resource(
        "quotas",
        "quotas",
        _("Quotas"),
        lambda user: Quota.objects.visible_to(user),
        named(
            [
                Field("starts_on", _("From"), Type.DATE, sort_by="starts_on"),
                Field("span", _("Period"), Type.CHOICE, choices=lambda: dict(Span.choices)),
                Field("user", _("Person"), Type.LINK, link="user"),
                Field("team", _("Team"), Type.LINK, link="team"),
                Field(
                    "territory",
                    _("Territory"),
                    Type.LINK,
                    link="territory",
                    choices=territory_tree.offered,
                ),
                Field("amount", _("Amount"), Type.NUMBER, sort_by="amount"),
            ]
        ),  # fmt: skip
        "-starts_on",
        model=Quota,
    )
)
register(
    Resource(
        "adjustments",
        "forecasts",
        _("Adjustments"),
        lambda user: Adjustment.objects.visible_to(user),
        named(
            [
                Field("made_at", _("Said"), Type.MOMENT, sort_by="made_at"),
                Field("starts_on", _("From"), Type.DATE, sort_by="starts_on"),
                Field("span", _("Period"), Type.CHOICE, choices=lambda: dict(Span.choices)),
                Field("user", _("Person"), Type.LINK, link="user"),
                Field("team", _("Team"), Type.LINK, link="team"),
                Field(
                    "territory",
                    _("Territory"),
                    Type.LINK,
                    link="territory",
                    choices=territory_tree.offered,
                ),
                Field("ended_at", _("Counts no more since"), Type.MOMENT),
            ]
        ),  # fmt: skip
        "-made_at",
        model=Adjustment,
    )
)
