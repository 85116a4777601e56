"""How a lead is scored by rules: the points of all that it fulfils, from nothing to a hundred."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from circulo.leads.models import ScoreRule

MOST = 100
KIND = "rules"


def scored(rules: Iterable[ScoreRule]) -> dict[str, Any]:
    """The score of a lead that fulfils these rules, with the reasons, the weightiest first."""
    weighty = sorted(rules, key=lambda rule: -abs(rule.points))
    reasons = [{"label": rule.label, "points": rule.points} for rule in weighty]
    total = sum(rule.points for rule in weighty)
    return {
        "score": max(0, min(MOST, total)),
        "score_kind": KIND,
        "score_reasons": reasons,
    }
