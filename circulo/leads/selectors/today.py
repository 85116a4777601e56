"""What leads ask of somebody today: those that wait for an answer, the overdue first."""

from __future__ import annotations

from typing import Any

from circulo.accounts.models import User
from circulo.leads.models import Lead

SHOWN = 8


def waiting(user: User) -> dict[str, Any] | None:
    """One's own leads that nobody answered yet, and what waits in the queue of one's team."""
    if not user.may("leads", "view"):
        return None
    rows = Lead.objects.visible_to(user).unanswered().order_by("answer_key", "pk")
    own = list(rows.filter(owner=user.pk)[: SHOWN + 1])
    queue = list(Lead.objects.waiting_for(user).order_by("answer_key", "pk")[: SHOWN + 1])
    if not own and not queue:
        return None
    return {
        "own": own[:SHOWN],
        "queue": queue[:SHOWN],
        "has_more": max(len(own), len(queue)) > SHOWN,
        "hidden": user.hidden_fields("leads"),
    }
