"""Deals as lists, the API, exports and the criteria language see them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts import territory_tree
from circulo.catalog.models import Product
from circulo.parties.led_to import lifecycles, of_party
from circulo.parties.models import Party
from circulo.records.resources import Field, Own, Resource, Type, named, register
from circulo.sales.actions.writing import refresh_search
from circulo.sales.expressions import FOLLOWS
from circulo.sales.models import (
    Deal,
    DealLine,
    DealPerson,
    DealShare,
    DealStay,
    Pipeline,
    Reason,
    Rival,
)
from circulo.sales.models.deals import DealQuerySet
from circulo.sales.searching import holding
from circulo.sales.selectors.offered import (
    forecasts_offered,
    pipelines_offered,
    reasons_offered,
    stages_offered,
    teams_offered,
)

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _outcomes() -> dict[str, str | Promise]:
    return dict(Deal.Outcome.choices)


def seen_deals(user: User) -> QuerySet[Deal]:
    """The deals that a person sees, with what follows from each to filter by."""
    return _with_what_follows().visible_to(user)


@cache
def _with_what_follows() -> DealQuerySet:
    """Put together once: it takes longer than the rest of a page."""
    return Deal.objects.alias(**{name: made() for name, made in FOLLOWS.items()})


def _people(user: User) -> QuerySet[Any]:
    return DealPerson.objects.filter(party__in=Party.objects.visible_to(user))


def _lines(user: User) -> QuerySet[Any]:
    return DealLine.objects.filter(product__in=Product.objects.visible_to(user))


FIELDS = named(
    [
        Field("title", pgettext_lazy("deal", "Title"), indexed_by="search", sort_by="title_key"),
        Field("party", _("Contact"), Type.LINK, link="party"),
        Field("pipeline", _("Pipeline"), Type.LINK, link="pipeline", choices=pipelines_offered),
        Field("stage", _("Stage"), Type.LINK, link="stage", choices=stages_offered),
        Field("amount", _("Amount"), Type.NUMBER, sort_by="amount_key"),
        Field("currency", _("Currency"), is_column=False),
        Field("probability", _("Probability"), Type.NUMBER, sort_by="probability"),
        Field("weighted", _("Weighted amount"), Type.NUMBER, reads=frozenset({"amount"}),
              sort_by="weighted_key"),
        Field("forecast", _("In the forecast"), Type.CHOICE, choices=forecasts_offered),
        Field("outcome", _("Outcome"), Type.CHOICE, choices=_outcomes, sort_by="outcome",
              then_by="expected_key"),
        Field("expected_on", _("Expected on"), Type.DATE, sort_by="expected_key"),
        Field("closed_at", _("Closed"), Type.MOMENT, sort_by="closed_key"),
        Field("owner", _("Owner"), Type.LINK, link="user"),
        Field("passed", _("Has been in the stage"), Type.LINK, path="stage", link="stage",
              choices=stages_offered, related=lambda user: DealStay.objects.filter(outcome="open"),
              back="deal", is_column=False),
        Field("team", _("Team"), Type.LINK, path="owner__team", link="team",
              choices=teams_offered, is_column=False),
        # A deal lies where its party does, for whoever sees that party.
        Field("territory", _("Territory"), Type.LINK, link="territory", back="pk",
              related=lambda user: Party.objects.visible_to(user), outer="party_id",
              choices=territory_tree.offered, below=territory_tree.below),
        Field("days_in_stage", _("Days in this stage"), Type.NUMBER, sort_by="in_stage_key"),
        Field("stage_since", _("In this stage since"), Type.MOMENT),
        Field("is_stale", _("Stale"), Type.YES_NO),
        Field("has_next_step", _("Has a next step"), Type.YES_NO),
        Field("source", _("Source")),
        Field("campaign", _("Campaign")),
        Field("reason", _("Reason"), Type.LINK, link="reason", choices=reasons_offered),
        Field("reason_note", _("In their words"), is_column=False, hidden_by="reason"),
        Field("lost_to", _("Lost to"), hidden_by="rivals"),
        Field("tags", _("Tags"), Type.LIST),
        Field("notes", _("About"), is_column=False),
        Field("reference", _("Reference"), indexed_by="search"),
        Field("agent", _("Agent elsewhere"), indexed_by="search"),
        Field("people", _("Person involved"), Type.LINK, path="party", link="party",
              related=_people, back="deal", is_column=False),
        Field("rivals", _("Competitor"), path="name",
              related=lambda user: Rival.objects.all(), back="deal", is_column=False),
        Field("products", _("Product"), path="product__name", related=_lines, back="deal",
              is_column=False, hidden_by="amount"),
        Field("amount_from_lines", _("Amount from lines"), Type.YES_NO, is_column=False,
              hidden_by="amount"),
        Field("shares", _("Shared with"), Type.LINK, path="user", link="user",
              related=lambda user: DealShare.objects.all(), back="deal"),
        Field("shares.team", _("Team"), Type.LINK, path="user__team", link="team",
              related=lambda user: DealShare.objects.all(), back="deal", choices=teams_offered,
              hidden_by="shares", of=_("Shared with"), is_column=False),
        of_party("name", _("Name"), indexed_by=""),
        of_party("lifecycle", _("Lifecycle"), Type.CHOICE, choices=lifecycles),
        of_party("industry", _("Industry")),
        of_party("source", _("Source")),
        of_party("tags", _("Tags"), Type.LIST),
        of_party("owner", _("Owner"), Type.LINK, link="user"),
        Field("created_by", _("Made by"), Type.LINK, link="user", is_column=False),
        Field("opened_at", _("Begun"), Type.MOMENT),
        Field("created_at", _("Created"), Type.MOMENT, sort_by="created_at"),
        Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
    ]
)  # fmt: skip
COLUMNS = ("title", "party", "stage", "amount", "expected_on", "owner", "days_in_stage", "outcome")

register(
    Resource(
        "deals",
        "deals",
        _("Deals"),
        seen_deals,
        FIELDS,
        "-updated_at",
        COLUMNS,
        model=Deal,
        own=Own("true", "binned_at IS NULL", "search", refresh_search),
        seeking=holding,
    )
)
register(
    Resource(
        "pipelines",
        "deals",
        _("Pipelines"),
        lambda user: Pipeline.objects.all(),
        named(
            [
                Field("position", _("Order"), Type.NUMBER, sort_by="position"),
                Field("name", _("Name"), sort_by="name"),
                Field("is_active", _("In use"), Type.YES_NO),
                Field("is_default", _("For new deals"), Type.YES_NO),
            ]
        ),
        "position",
        model=Pipeline,
    )
)
register(
    Resource(
        "reasons",
        "deals",
        _("Reasons"),
        lambda user: Reason.objects.all(),
        named(
            [
                Field("position", _("Order"), Type.NUMBER, sort_by="position"),
                Field("label", _("Reason")),
                Field("outcome", _("Outcome"), Type.CHOICE,
                      choices=lambda: dict(Reason.Outcome.choices)),
                Field("is_active", _("In use"), Type.YES_NO),
            ]
        ),
        "position",
        model=Reason,
    )
)  # fmt: skip
