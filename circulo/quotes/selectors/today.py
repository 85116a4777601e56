"""What quotes ask of somebody today: to be approved, and to be asked after before they expire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from circulo.accounts.models import User
from circulo.quotes.drawing import money_of
from circulo.quotes.models import Quote
from circulo.quotes.selectors.approvals import asked_now

SHOWN = 6
SOON = timedelta(days=7)


def quotes_of_today(user: User) -> dict[str, Any] | None:
    """What waits for one's approval, and one's own quotes that end soon; None for nothing."""
    if not user.may("quotes", "view"):
        return None
    asked = list(asked_now(user)[: SHOWN + 1])
    today = timezone.localdate()
    rows = Quote.objects.visible_to(user).sent().filter(owner=user.pk)
    ending = list(
        rows.filter(valid_until__range=(today, today + SOON)).order_by("valid_until", "pk")[
            : SHOWN + 1
        ]
    )
    if not asked and not ending:
        return None
    return {
        "asked": [(one, one.quote, money_of(one.quote)) for one in asked[:SHOWN]],
        "ending": [(one, money_of(one)) for one in ending[:SHOWN]],
        "has_more": max(len(asked), len(ending)) > SHOWN,
    }
