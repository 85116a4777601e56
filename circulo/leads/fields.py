"""Leads as lists, the API, exports and the criteria language see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.accounts import territory_tree
from circulo.accounts.rights import Reach
from circulo.leads.actions.writing import refresh_search
from circulo.leads.expressions import is_known_to, with_what_follows
from circulo.leads.models import Lead, LeadReason, WebForm
from circulo.leads.searching import holding
from circulo.leads.selectors.leads import reasons_offered
from circulo.parties.led_to import lifecycles, of_party
from circulo.records.resources import Field, Own, Resource, Type, named, register
from circulo.timeline.kinds import CHANNELS

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _statuses() -> dict[str, str | Promise]:
    return dict(Lead.Status.choices)


def _channels() -> dict[str, str | Promise]:
    return {key: label for key, label in CHANNELS.items() if key}


def seen_leads(user: User) -> QuerySet[Lead]:
    """The leads that a person sees, with what follows from each to filter by.

    That a lead is a customer whom one does not see is not told.
    """
    rows = with_what_follows().visible_to(user)
    sees_all = {user.reach("contacts"), user.reach("companies")} == {Reach.ALL}
    return rows if sees_all else rows.alias(is_known=is_known_to(user))


FIELDS = named(
    [
        Field("name", _("Name"), indexed_by="search", sort_by="name_key"),
        Field("company", _("Company"), indexed_by="search"),
        Field("status", _("Status"), Type.CHOICE, choices=_statuses, sort_by="status",
              then_by="answer_key"),
        Field("score", _("Score"), Type.NUMBER, sort_by="score"),
        Field("owner", _("Owner"), Type.LINK, link="user"),
        Field("answer_due_at", _("To be answered until"), Type.MOMENT, sort_by="answer_key"),
        Field("answered_at", _("Answered"), Type.MOMENT),
        Field("is_unanswered", _("Waits for an answer"), Type.YES_NO),
        Field("is_overdue", _("Waits too long"), Type.YES_NO),
        Field("is_in_time", _("Answered in time"), Type.YES_NO),
        Field("arrived_at", _("Came in"), Type.MOMENT, sort_by="arrived_at"),
        Field("source", _("Source")),
        Field("campaign", _("Campaign")),
        Field("channel", _("Channel"), Type.CHOICE, choices=_channels),
        Field("email", _("E-mail"), indexed_by="search"),
        Field("phone", _("Phone"), indexed_by="search"),
        Field("job_title", _("Job title")),
        Field("city", _("City")),
        Field("postal_code", _("Postal code"), is_code=True),
        Field("region", _("Province or state")),
        Field("country", _("Country")),
        Field("language", _("Language")),
        Field("message", _("In their words"), is_column=False),
        Field("has_message", _("Wrote something"), Type.YES_NO, is_column=False,
              hidden_by="message"),
        Field("is_known", _("Is known"), Type.YES_NO, is_column=False),
        Field("party", _("Contact"), Type.LINK, link="party"),
        Field("reason", _("Reason"), Type.LINK, link="lead_reason", choices=reasons_offered),
        Field("reason_note", _("Why exactly"), is_column=False, hidden_by="reason"),
        Field("tags", _("Tags"), Type.LIST),
        Field("reference", _("Reference"), indexed_by="search"),
        Field("converted_at", _("Converted"), Type.MOMENT),
        Field("created_by", _("Made by"), Type.LINK, link="user", is_column=False),
        of_party("lifecycle", _("Lifecycle"), Type.CHOICE, choices=lifecycles),
        of_party("tags", _("Tags"), Type.LIST),
        of_party("owner", _("Owner"), Type.LINK, link="user"),
        of_party("territory", _("Territory"), Type.LINK, link="territory",
                  choices=territory_tree.offered, below=territory_tree.below),
        Field("created_at", _("Created"), Type.MOMENT, sort_by="created_at"),
        Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
    ]
)  # fmt: skip
COLUMNS = ("name", "company", "status", "score", "source", "owner", "answer_due_at", "arrived_at")

register(
    Resource(
        "leads",
        "leads",
        _("Leads"),
        seen_leads,
        FIELDS,
        "-arrived_at",
        COLUMNS,
        model=Lead,
        own=Own("true", "binned_at IS NULL", "search", refresh_search),
        seeking=holding,
        searched=frozenset({"email", "phone"}),
    )
)
register(
    Resource(
        "lead_reasons",
        "leads",
        _("Reasons"),
        lambda user: LeadReason.objects.all(),
        named(
            [
                Field("position", _("Order"), Type.NUMBER, sort_by="position"),
                Field("label", _("Reason")),
                Field("is_active", _("In use"), Type.YES_NO),
            ]
        ),
        "position",
        model=LeadReason,
    )
)
register(
    Resource(
        "forms",
        "leads",
        _("Forms"),
        lambda user: WebForm.objects.all(),
        named(
            [
                Field("name", _("Name"), sort_by="name"),
                Field("is_active", _("In use"), Type.YES_NO),
                Field("updated_at", _("Changed"), Type.MOMENT, sort_by="updated_at"),
            ]
        ),
        "name",
        model=WebForm,
    )
)
