"""Who hears of what happens to deals: the timeline of their parties, and open pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.lib import ids
from circulo.sales import notices
from circulo.sales.models import Deal
from circulo.timeline import actions as timeline
from circulo.timeline.actions import MOST_SUBJECT, Telling
from circulo.timeline.kinds import Kind
from circulo.web import live

MOST_TOLD = 50


def record(
    kind: Kind,
    deals: Sequence[Deal],
    *,
    by: User | None,
    data: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Tell the timelines of the parties what happened to their deals.

    A deal's party, and its stage, are read already; `data` says more of each. A timeline knows
    nothing of what roles may not see of deals: amounts and reasons are read from the deal itself.
    """
    told = [
        (kind, deal.party, Telling(
            subject=deal.title[:MOST_SUBJECT],
            about=deal,
            data={"stage": deal.stage.name} | (data or {}).get(deal.pk, {}),
        ))
        for deal in deals
        if deal.party is not None and deal.party.binned_at is None
    ]  # fmt: skip
    timeline.record_all(told, by=by)


def tell_owners(deals: Iterable[Deal], *, by: User | None) -> None:
    """Tell people of the deals that somebody else gave them; of many at once in one notice."""
    given: dict[int, list[Deal]] = {}
    for deal in deals:
        given.setdefault(deal.owner_id, []).append(deal)
    notify([_notice(owner, theirs, by) for owner, theirs in given.items()], by=by)


def _notice(owner: int, deals: Sequence[Deal], by: User | None) -> Notice:
    who = by.name if by else ""
    if len(deals) > 1:
        words = {"who": who, "count": str(len(deals))}
        return Notice(notices.GIVEN_MANY, owner, words, url="/deals?shape=table&sort=-updated_at")
    (deal,) = deals
    words = {"who": who, "title": deal.title}
    return Notice(notices.GIVEN, owner, words, deal, deal.get_absolute_url())


def publish(pipelines: set[int], keys: Sequence[int], *, left: int | None = None) -> None:
    """Have open boards, pages of deals and pages of parties ask anew: that one too that a deal
    `left`."""
    topics = [f"deals:{ids.encode('pipeline', key)}" for key in sorted(pipelines)]
    topics += [f"deal:{ids.encode('deal', key)}" for key in keys[:MOST_TOLD]]
    rows = Deal.objects.filter(pk__in=keys[:MOST_TOLD], party__isnull=False)
    parties = {*rows.values_list("party_id", flat=True), left}
    topics += [f"party:{ids.encode('party', key)}" for key in sorted(filter(None, parties))]
    live.publish(*topics)


def publish_deals(keys: Sequence[int]) -> None:
    """Have whoever looks at these deals, or at their boards, ask anew."""
    found = Deal.objects.filter(pk__in=keys).order_by().values_list("pipeline_id", flat=True)
    publish(set(found.distinct()), keys)
