"""Learning from what became of deals."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from circulo.forecasts.models import Odds
from circulo.parties.actions.writing import run

STAYED = (0, 7, 14, 30, 60, 90)  # days in a stage from which on the odds are others
WEEKS = 53  # the last of them holds all that came later
YEARS = timedelta(days=730)
_BECAME = """
    SELECT s.stage_id, a.days, CASE WHEN d.outcome = 'won' THEN LEAST(%s, floor(extract(epoch FROM
        d.closed_at - s.entered_at - a.days * interval '1 day') / 604800))::int ELSE -1 END,
        count(*)
    FROM sales_deal d JOIN sales_dealstay s ON s.deal_id = d.id, unnest(%s::int[]) AS a(days)
    WHERE d.outcome <> 'open' AND d.binned_at IS NULL AND d.closed_at >= %s AND d.closed_at < %s
      AND s.outcome = 'open' AND s.left_at - s.entered_at >= a.days * interval '1 day'
    GROUP BY 1, 2, 3
"""


@transaction.atomic
def learn_odds(*, now: datetime) -> int:
    """Learn anew what became of the deals of two years, by stage and days stayed there.

    How many odds there are now; what was known before is forgotten.
    """
    found: dict[tuple[int, int], Odds] = {}
    for stage, stayed, week, count in run(_BECAME, [WEEKS - 1, list(STAYED), now - YEARS, now]):
        one = found.setdefault(
            (stage, stayed),
            Odds(stage_id=stage, stayed=stayed, ended=0, won=[0] * WEEKS, learnt_at=now),
        )
        one.ended += count
        if week >= 0:
            one.won[week] += count
    Odds.objects.all().delete()
    Odds.objects.bulk_create(found.values())
    return len(found)
