"""Leads, the rules that score and route them, and the forms by which they come in."""

from circulo.leads.models.forms import FormEntry, WebForm
from circulo.leads.models.leads import Lead, LeadQuerySet, LeadReason, LeadStay
from circulo.leads.models.rules import LeadDesk, RouteMember, RouteRule, ScoreRule

__all__ = [
    "FormEntry",
    "Lead",
    "LeadDesk",
    "LeadQuerySet",
    "LeadReason",
    "LeadStay",
    "RouteMember",
    "RouteRule",
    "ScoreRule",
    "WebForm",
]
