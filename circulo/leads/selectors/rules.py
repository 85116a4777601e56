"""Reads over the rules of leads, for the settings."""

from __future__ import annotations

from django.db.models import QuerySet

from circulo.leads.models import RouteRule, ScoreRule
from circulo.lib import ids


def every_score() -> QuerySet[ScoreRule]:
    """Every rule of the score."""
    return ScoreRule.objects.all()


def every_route() -> QuerySet[RouteRule]:
    """Every rule that says to whom leads go."""
    return RouteRule.objects.all()


def score_called(identifier: str) -> ScoreRule | None:
    """The rule of the score of this identifier."""
    return every_score().filter(pk=key_of("score_rule", identifier)).first()


def route_called(identifier: str) -> RouteRule | None:
    """The rule of this identifier that says to whom leads go."""
    return every_route().filter(pk=key_of("route_rule", identifier)).first()


def scores_in_order() -> list[ScoreRule]:
    """The rules of the score in their order."""
    return list(ScoreRule.objects.in_order())


def routes_in_order() -> list[RouteRule]:
    """The rules of the way in the order in which they are asked, with their people."""
    rows = RouteRule.objects.in_order().select_related("team")
    return list(rows.prefetch_related("members__user"))


def key_of(kind: str, identifier: str) -> int:
    """The key behind an identifier; one of no record where it is none of this kind."""
    return ids.decode(kind, identifier) or 0
