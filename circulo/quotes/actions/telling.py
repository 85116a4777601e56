"""Who hears of what happens to quotes: the timeline of their parties, people, open pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from circulo.accounts.actions import Notice, notify
from circulo.accounts.models import User
from circulo.lib import ids
from circulo.quotes.models import Quote
from circulo.timeline import actions as timeline
from circulo.timeline.actions import MOST_SUBJECT, Telling
from circulo.timeline.kinds import Kind
from circulo.web import live


def record(kind: Kind, quote: Quote, *, by: User | None, told: Telling | None = None) -> None:
    """Tell the timeline of the party; without sums, which not everybody sees who sees the party.

    `told` is what there is to say beyond the quote.
    """
    publish(quote)
    party = quote.party
    if party is None or party.binned_at is not None:
        return
    telling = replace(
        told or Telling(),
        subject=f"{quote.called} · {quote.title}"[:MOST_SUBJECT],
        about=quote,
        data={"quote": quote.public_id, "number": quote.called},
    )
    timeline.record(kind, party=party, by=by, telling=telling)


def notice(
    kind: str,
    quote: Quote,
    to: Collection[int],
    *,
    by: User | None,
    words: Mapping[str, str] | None = None,
) -> None:
    """Tell people of a quote."""
    said = {"number": quote.called, "title": quote.title, "who": by.name if by else ""}
    said |= words or {}
    url = quote.get_absolute_url()
    notify([Notice(kind, key, said, quote, url) for key in sorted(set(to))], by=by)


def publish(quote: Quote) -> None:
    """Have open pages of the quote, its deal and its party ask anew."""
    topics = [f"quote:{quote.public_id}"]
    if quote.deal_id:
        topics.append(f"deal:{ids.encode('deal', quote.deal_id)}")
    if quote.party_id:
        topics.append(f"party:{ids.encode('party', quote.party_id)}")
    live.publish(*topics)
