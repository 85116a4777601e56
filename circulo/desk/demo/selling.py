"""Entering the deals of the demo firm: stage by stage, and set back to their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from circulo.accounts.models import User
from circulo.agenda import actions as agenda
from circulo.agenda.models import Entry
from circulo.agenda.plans import Plan
from circulo.desk.demo.deals import RIVALS, Sold
from circulo.desk.demo.tell import MADRID
from circulo.sales import actions as sales
from circulo.sales.drafts import Draft
from circulo.sales.models import ColourRule, Deal, Reason, Rival, Stage, StageAct
from circulo.timeline.kinds import Kind

_SET_BACK = """
    WITH way AS (
        SELECT * FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS way(deal, n, at)
    ), stays AS (
        SELECT s.id, row_number() OVER (PARTITION BY s.deal_id ORDER BY s.entered_at, s.id) AS n,
               s.deal_id FROM sales_dealstay s JOIN sales_deal d ON d.id = s.deal_id
        WHERE d.is_demo
    )
    UPDATE sales_dealstay s SET entered_at = way.at, left_at = after.at
    FROM stays JOIN way ON way.deal = stays.deal_id AND way.n = stays.n
    LEFT JOIN way after ON after.deal = way.deal AND after.n = way.n + 1
    WHERE s.id = stays.id
"""
_DEALS = """
    UPDATE sales_deal d SET opened_at = w.first, created_at = w.first, updated_at = w.last,
        stage_since = w.stage, closed_at = CASE WHEN d.outcome = 'open' THEN NULL ELSE w.last END
    FROM (SELECT s.deal_id, min(s.entered_at) AS first, max(s.entered_at) AS last,
                 max(s.entered_at) FILTER (WHERE s.outcome = 'open') AS stage
          FROM sales_dealstay s GROUP BY s.deal_id) w
    WHERE w.deal_id = d.id AND d.is_demo
"""
_TOLD = """
    WITH told AS (
        SELECT i.id, i.about_id,
               row_number() OVER (PARTITION BY i.about_id ORDER BY i.id) AS n
        FROM timeline_interaction i JOIN sales_deal d ON d.id = i.about_id
        WHERE i.about_kind = 'deal' AND d.is_demo AND i.kind = ANY(%s)
    ), stays AS (
        SELECT s.deal_id, s.entered_at,
               row_number() OVER (PARTITION BY s.deal_id ORDER BY s.entered_at, s.id) AS n
        FROM sales_dealstay s
    )
    UPDATE timeline_interaction i SET occurred_at = stays.entered_at
    FROM told JOIN stays ON stays.deal_id = told.about_id AND stays.n = told.n
    WHERE i.id = told.id
"""
COLOURS = {
    "Cierra esta semana": ("good", {"field": "expected_on", "op": "next_days", "value": 7}),
    "Grande": ("accent", {"field": "amount", "op": "gte", "value": 15_000}),
}
TOLD = [Kind.DEAL_OPENED, Kind.DEAL_MOVED, Kind.DEAL_WON, Kind.DEAL_LOST, Kind.DEAL_REOPENED]


def enter(sold: Sequence[Sold], keys: dict[str, int], users: dict[str, User]) -> dict[int, Sold]:
    """Add every deal, take it through its stages to its end, owner by owner, and set it back; by
    key what became of each.
    """
    _colour()
    stages = list(Stage.objects.filter(pipeline__is_default=True).in_order())
    made: dict[int, Sold] = {}
    for owner in dict.fromkeys(one.owner for one in sold):
        mine, by = [one for one in sold if one.owner == owner], users[owner]
        drafts = [_draft(one, keys, stages[0], users) for one in mine]
        added = dict(zip(sales.add_deals(drafts, by=by, is_demo=True), mine, strict=True))
        for place, stage in enumerate(stages[1:], 1):
            there = [key for key, one in added.items() if len(one.entered) > place]
            sales.edit_deals(there, {"stage_id": stage.pk}, by=by)
        _end(added, by)
        _come_back(added, by)
        made |= added
    _set_back(made)
    _plan_steps(made, keys, users)
    return made


def _colour() -> None:
    """What is large and what ends soon stand out on the board."""
    for label, (tone, criteria) in COLOURS.items():
        sales.add_colour({"label": label, "tone": tone, "criteria": criteria}, by=None)


def forget(heir: User | None) -> None:
    """Take the deals of the demo away, and its colours; what others sell for its people goes to an
    heir."""
    for rule in ColourRule.objects.filter(label__in=COLOURS):
        sales.remove_colour(rule, by=None)
    Deal.objects.filter(is_demo=True).delete()
    if heir is not None:
        Deal.objects.filter(owner__is_demo=True).update(owner=heir)


def _draft(one: Sold, keys: dict[str, int], first: Stage, users: dict[str, User]) -> Draft:
    columns = {
        "title": one.title, "party_id": keys[one.party], "pipeline_id": first.pipeline_id,
        "stage_id": first.pk, "amount": one.amount, "currency": "EUR", "source": one.source,
        "expected_on": one.expected_on,
    }  # fmt: skip
    rivals = [(one.rival, int(Rival.Strength.EQUAL), "")] if one.rival else None
    shares = [(users[one.shared[0]].pk, one.shared[1])] if one.shared else None
    return Draft(columns, rivals=rivals, shares=shares)


def _end(added: dict[int, Sold], by: User) -> None:
    """Close what is over, reason by reason."""
    for outcome, close in (("won", sales.win_deals), ("lost", sales.lose_deals)):
        reasons = list(Reason.objects.filter(outcome=outcome).in_order())
        for place, reason in enumerate(reasons):
            over = [key for key, one in added.items()
                    if (one.outcome, one.reason) == (outcome, place)]  # fmt: skip
            if reason.asks_rival:
                _lose_to_rivals(added, over, reason, by)
            elif over:
                close(over, by=by, reason=reason)


def _lose_to_rivals(added: dict[int, Sold], over: list[int], reason: Reason, by: User) -> None:
    """Close what a competitor won: the one at the deal, or one of the usual."""
    lost: dict[str, list[int]] = {}
    for key in over:
        lost.setdefault(added[key].rival or RIVALS[key % len(RIVALS)], []).append(key)
    for rival, keys in lost.items():
        sales.lose_deals(keys, by=by, reason=reason, lost_to=rival)


def _come_back(added: dict[int, Sold], by: User) -> None:
    """Lose what comes back, and open it again."""
    back = [key for key, one in added.items() if one.came_back]
    if back:
        reason = Reason.objects.filter(outcome="lost").in_order().first()
        sales.lose_deals(back, by=by, reason=reason)
        sales.reopen_deals(back, by=by)


def _set_back(made: dict[int, Sold]) -> None:
    way = [(key, place, at) for key, one in made.items() for place, at in enumerate(one.moments, 1)]
    with connection.cursor() as cursor:
        cursor.execute(_SET_BACK, [list(column) for column in zip(*way, strict=True)])
        cursor.execute(_DEALS)
        cursor.execute(_TOLD, [[kind.value for kind in TOLD]])


def _plan_steps(made: dict[int, Sold], keys: dict[str, int], users: dict[str, User]) -> None:
    """What is next for the open ones: of every other what its stage suggests."""
    wanted = [key for key, one in made.items() if one.outcome == "open"]
    deals = Deal.objects.select_related("party").in_bulk(wanted)
    for place, key in enumerate(wanted):
        deal, one, by = deals[key], made[key], users[made[key].owner]
        acts = list(StageAct.objects.filter(stage=deal.stage_id).in_order())
        if len(acts) > 1 and place % 2 == 0:
            _go_by_stage(deal, acts, one, by)
        elif one.step is not None:
            _plan_step(deal, one, keys, by)


def _go_by_stage(deal: Deal, acts: Sequence[StageAct], one: Sold, by: User) -> None:
    """The first act was done the day after the deal came to its stage; the second is planned, where
    anything is.
    """
    since = one.moments[-1]
    done_at = min(since + timedelta(days=1), timezone.now())
    entry = sales.plan_act(deal, acts[0], by=by, on=done_at.astimezone(MADRID).date())
    Entry.objects.filter(pk=entry.pk).update(created_at=since)
    agenda.complete_entries([entry.pk], by=by, at=done_at)
    if one.step_on is not None:
        sales.plan_act(deal, acts[1], by=by, on=one.step_on)


def _plan_step(deal: Deal, one: Sold, keys: dict[str, int], by: User) -> None:
    assert one.step is not None, "asked before"
    kind, title = one.step
    is_appointment = kind in ("visit", "meeting")
    columns = {
        "title": title,
        "kind": kind,
        "starts_on": one.step_on,
        "ends_on": one.step_on if is_appointment else None,
    }
    plan = Plan(is_appointment, columns, parties=[keys[one.party]])
    sales.plan_step(deal, plan, by=by)
