"""What the ledger keeps of leads, and what follows from putting it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts import news
from circulo.accounts.rights import Reach
from circulo.leads.actions import score_leads, telling, writing
from circulo.leads.models import (
    Lead,
    LeadDesk,
    LeadReason,
    LeadStay,
    RouteMember,
    RouteRule,
    ScoreRule,
    WebForm,
)
from circulo.lib.later import later
from circulo.records.models import OWN
from circulo.records.tracking import Hidden, Named, Root, Tracked, Within, root, track

if TYPE_CHECKING:
    from circulo.accounts.models import User

_SEARCHED = {f"lead.{name}" for name in (*writing.SEARCHED, "custom")} | {"lead"}
_HIDDEN_WITH = {"reason_id": "reason", "reason_note": "reason", "score_reasons": "score"}


def _within(user: User, act: str) -> QuerySet[Any] | None:
    """The leads this person may edit or delete, in the bin or not."""
    if user.reach("leads", act) == Reach.ALL:
        return None
    return Lead.objects.all().within(user, act)


def _settle(keys: Sequence[int], names: Collection[str]) -> None:
    """The stays of a lead fit it again, it is found and scored by what it says now, and pages ask
    anew.
    """
    writing.STAYS.mend(keys)
    if _SEARCHED & set(names):
        writing.refresh_search(keys)
    score_leads(keys)
    telling.publish(keys)


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Lead.objects.all().within(user, "view").filter(pk__in=keys)
    return {lead.pk: (str(lead), lead.get_absolute_url()) for lead in rows}


def _hides(user: User, keys: Collection[int]) -> dict[int, Hidden]:
    """What a role hides of leads is hidden in their history too."""
    hidden = user.hidden_fields("leads")

    def hides(kind: str, column: str, row: dict[str, Any]) -> bool:
        if column == "custom":
            return any(name.startswith(OWN) for name in hidden)
        return _HIDDEN_WITH.get(column, column) in hidden

    return dict.fromkeys(keys, hides)


def _decided(model: type[Model]) -> Within:
    """What administrators decide: nobody else takes it back."""
    rows = model._default_manager
    return lambda user, _act: None if user.is_admin else rows.none()


def _called(model: type[Model]) -> Named:
    """What rules are called is said to administrators; they have no pages of their own."""

    def named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
        rows = model._default_manager.filter(pk__in=keys) if user.is_admin else ()
        return {one.pk: (str(one), "") for one in rows}

    return named


def _rules_changed(keys: Sequence[int], names: Collection[str]) -> None:
    """Every process reads the rules anew, and every lead is scored by them."""
    news.renew()
    if any(name.split(".")[0] == "score_rule" for name in names):
        later("leads.score_every_lead")


_SAYS = {
    "status": {
        "new": pgettext_lazy("lead", "New again: %s."),
        "working": pgettext_lazy("lead", "In progress again: %s."),
        "converted": pgettext_lazy("lead", "Converted again: %s."),
        "discarded": pgettext_lazy("lead", "Discarded again: %s."),
        "suspect": pgettext_lazy("lead", "Looks like spam again: %s."),
    }
}
root(Root("lead", _within, _settle, whose="owner_id", named=_named, hides=_hides, says=_SAYS))
root(
    *(
        Root(kind, _decided(model), _rules_changed, named=_called(model), bears_on_others=True)
        for kind, model in (
            ("lead_desk", LeadDesk), ("lead_reason", LeadReason), ("score_rule", ScoreRule),
            ("route_rule", RouteRule), ("web_form", WebForm),
        )
    )
)  # fmt: skip
track(
    Tracked(LeadDesk, "lead_desk", _("Receiving leads")),
    Tracked(LeadReason, "lead_reason", _("Reason"), told=("label",)),
    Tracked(ScoreRule, "score_rule", _("Score rule"), told=("label", "points")),
    Tracked(RouteRule, "route_rule", _("Route rule"), told=("label", "way"),
            derived=frozenset({"turns"})),
    Tracked(
        RouteMember,
        "route_member",
        _("Colleague of a route rule"),
        root="rule_id",
        root_kind="route_rule",
        told=("user_id",),
    ),
    Tracked(
        WebForm,
        "web_form",
        _("Form"),
        told=("name",),
        silent=frozenset({"token", "created_at"}),
        bumped="version",
        touched="updated_at",
    ),
    Tracked(
        Lead,
        "lead",
        pgettext_lazy("record", "Lead"),
        told=("company",),
        silent=frozenset(
            {"is_demo", "created_at", "arrived_at", "scored_at", "score_kind", "score_reasons",
             "route", "interaction_id"}
        ),
        derived=frozenset({"search"}),
        together=(("score", "score_kind", "score_reasons", "scored_at"),),
        bumped="version",
        touched="updated_at",
        own_of=lambda row: "leads",
    ),
    Tracked(
        LeadStay,
        "lead_stay",
        _("Stay"),
        root="lead_id",
        root_kind="lead",
        derived=frozenset({"left_at"}),
        is_in_history=False,
    ),
)  # fmt: skip
