"""Deals that are said to be over, or open again, together with the rest that is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import format as fmt
from circulo.lib.errors import Invalid
from circulo.sales.actions.closing import change_end, lose_deals, reopen_deals, win_deals
from circulo.sales.actions.deals import add_deal, change_deal
from circulo.sales.drafts import Draft
from circulo.sales.models import Deal

Outcome = Deal.Outcome
# What is said of an end by name: `outcome`, `closed_at`, `reason`, `reason_note`, `lost_to`.
End = Mapping[str, Any]


@transaction.atomic
def add_deal_with_end(draft: Draft, end: End, *, by: User) -> Deal:
    """Add a deal that stands as `end` says; one that was over before today was opened then."""
    if closed := end.get("closed_at"):
        opened = min(closed, timezone.now()).isoformat()
        draft.columns |= {"opened_at": opened, "stage_since": opened}
    return end_deal(add_deal(draft, by=by), end, by=by)


@transaction.atomic
def change_deal_with_end(
    deal: Deal, draft: Draft, end: End, *, by: User, version: int | None = None
) -> Deal:
    """Change what the draft names, and have the deal stand as `end` says; see `change_deal`."""
    return end_deal(change_deal(deal, draft, by=by, version=version), end, by=by)


@transaction.atomic
def end_deal(deal: Deal, end: End, *, by: User) -> Deal:
    """Have a deal stand as `end` says: open, won or lost, since when and why.

    One that stands so already only has changed what else is said. Invalid where an open deal is
    said to have an end, and where it was closed before it was opened or will be.
    """
    if not end:
        return deal
    outcome = end.get("outcome", deal.outcome)
    if outcome == Outcome.OPEN:
        return _open(deal, end, by)
    _refuse_moment(deal, end.get("closed_at"))
    if outcome == deal.outcome:
        return change_end(deal, _columns(end), by=by)
    if not deal.is_open:
        reopen_deals([deal.pk], by=by)
    why = {"reason": end.get("reason"), "note": end.get("reason_note", ""),
           "at": end.get("closed_at")}  # fmt: skip
    if outcome == Outcome.LOST:
        lose_deals([deal.pk], by=by, lost_to=end.get("lost_to", ""), **why)
    elif end.get("lost_to"):
        raise Invalid({"lost_to": _("This deal was won: nobody took it away.")})
    else:
        win_deals([deal.pk], by=by, **why)
    return Deal.objects.get(pk=deal.pk)


def _open(deal: Deal, end: End, by: User) -> Deal:
    if said := [name for name in end if name != "outcome" and end[name]]:
        raise Invalid(dict.fromkeys(said, _("This deal is open: say in `outcome` how it ended.")))
    if not deal.is_open:
        reopen_deals([deal.pk], by=by)
    return Deal.objects.get(pk=deal.pk)


def _columns(end: End) -> dict[str, Any]:
    """What a deal that is over keeps of it."""
    columns: dict[str, Any] = {}
    if end.get("closed_at"):
        columns["closed_at"] = end["closed_at"]
    if "reason" in end:
        columns["reason_id"] = end["reason"].pk if end["reason"] else None
    return columns | {name: end[name] for name in ("reason_note", "lost_to") if name in end}


def _refuse_moment(deal: Deal, at: datetime | None) -> None:
    if at is not None and at > timezone.now():
        raise Invalid({"closed_at": _("This lies in the future: nothing can be closed then yet.")})
    if at is not None and at < deal.opened_at:
        since = fmt.moment(deal.opened_at)
        raise Invalid({"closed_at": _("It was opened only later: %s.") % since})
