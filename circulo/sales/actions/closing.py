"""How deals end: won, lost, and open again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.keeping import keep_lines
from circulo.catalog.lines import Wanted
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import clean
from circulo.sales.actions import telling, writing
from circulo.sales.actions.deals import refuse_binned, told
from circulo.sales.models import Deal, DealLine, Reason
from circulo.sales.selectors.rivals import rival_called
from circulo.timeline.kinds import Kind

MOST_NOTE, MOST_NAME = 2_000, 120
Outcome = Deal.Outcome


@dataclass(frozen=True)
class Agreed:
    """What a customer agreed to: so much, and the lines with the columns of each as it was priced
    there, which is not as it would be priced today.
    """

    amount: Decimal
    currency: str
    wanted: Sequence[Wanted]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class _Closing:
    """How a deal ends: why, to whom, and when if not now."""

    outcome: str
    reason: Reason | None
    note: str
    lost_to: str = ""
    at: datetime | None = None


def win_deal(deal: Deal, *, by: User | None, reason: Reason | None = None, note: str = "") -> Deal:
    """Close a deal as won; see `win_deals`."""
    win_deals([deal.pk], by=by, reason=reason, note=note)
    return Deal.objects.get(pk=deal.pk)


def lose_deal(
    deal: Deal, *, by: User, reason: Reason | None, note: str = "", lost_to: str = ""
) -> Deal:
    """Close a deal as lost; see `lose_deals`."""
    lose_deals([deal.pk], by=by, reason=reason, note=note, lost_to=lost_to)
    return Deal.objects.get(pk=deal.pk)


def reopen_deal(deal: Deal, *, by: User) -> Deal:
    """Open a deal again; see `reopen_deals`."""
    reopen_deals([deal.pk], by=by)
    return Deal.objects.get(pk=deal.pk)


@transaction.atomic
def win_deals(
    keys: Sequence[int],
    *,
    by: User | None,
    reason: Reason | None = None,
    note: str = "",
    at: datetime | None = None,
) -> int:
    """Close open deals as won, now or at a moment, and tell the timeline; why is not needed. How
    many were closed.
    """
    _refuse_reason(Outcome.WON, reason)
    return _close(keys, _Closing(Outcome.WON, reason, note, at=at), by)


@transaction.atomic
def win_deal_as_agreed(deal: Deal, agreed: Agreed, *, by: User | None) -> None:
    """Close a deal as won for what was agreed: its amount, its currency and its lines. One that was
    lost is opened again for it.
    """
    if deal.outcome == Outcome.LOST:
        reopen_deals([deal.pk], by=by)
    won = {"amount": agreed.amount, "currency": agreed.currency, "amount_from_lines": False}
    writing.set_columns([deal.pk], won)
    keep_lines(DealLine, {"deal": deal}, agreed.wanted, agreed.rows)
    win_deals([deal.pk], by=by)


@transaction.atomic
def lose_deals(
    keys: Sequence[int],
    *,
    by: User,
    reason: Reason | None,
    note: str = "",
    lost_to: str = "",
    at: datetime | None = None,
) -> int:
    """Close open deals as lost, now or at a moment, for a reason, and tell the timeline. How many
    were closed.

    Forms ask for the competitor that they were `lost_to` where the reason does; programs that know
    of none may leave it out.
    """
    _refuse_silence(Outcome.LOST, reason)
    _refuse_reason(Outcome.LOST, reason)
    return _close(keys, _Closing(Outcome.LOST, reason, note, rival_called(lost_to), at), by)


@transaction.atomic
def reopen_deals(keys: Sequence[int], *, by: User | None) -> int:
    """Open again, in the stages that they were in, deals that are over. How many were."""
    deals = _locked(keys)
    for deal in deals:
        if deal.is_open:
            raise RuleBroken(_("“%s” is open already.") % deal.title)
    now = timezone.now()
    values = {"outcome": Outcome.OPEN, "closed_at": None, "reason_id": None, "reason_note": "",
              "lost_to": "", "stage_since": now}  # fmt: skip
    return _end(deals, values, Kind.DEAL_REOPENED, by)


@transaction.atomic
def change_end(deal: Deal, values: dict[str, Any], *, by: User) -> Deal:
    """Say anew when and why a deal that is over was won or lost: its `closed_at`, its `reason_id`,
    its `reason_note`, the competitor that it was `lost_to`.
    """
    (locked,) = _locked([deal.pk])
    if locked.is_open:
        raise RuleBroken(_("“%s” is open: it has no end to speak of.") % locked.title)
    if "reason_id" in values:
        reason = Reason.objects.filter(pk=values["reason_id"] or 0).first()
        _refuse_reason(locked.outcome, reason)
        _refuse_silence(locked.outcome, reason)
        values = values | {"reason_id": reason.pk if reason else None}
    if values.get("lost_to"):
        _refuse_winner(locked)
        values = values | {"lost_to": rival_called(values["lost_to"])}
    writing.set_columns([locked.pk], values)
    telling.publish({locked.pipeline_id}, [locked.pk])
    return Deal.objects.get(pk=locked.pk)


def _close(keys: Sequence[int], how: _Closing, by: User | None) -> int:
    deals = _locked(keys)
    for deal in deals:
        if not deal.is_open:
            raise RuleBroken(_("“%s” is over already.") % deal.title)
    note = clean(how.note, limit=MOST_NOTE, lines=True)
    values = {"outcome": how.outcome, "closed_at": how.at or timezone.now(),
              "reason_id": how.reason.pk if how.reason else None, "reason_note": note,
              "lost_to": how.lost_to}  # fmt: skip
    kind = Kind.DEAL_WON if how.outcome == Outcome.WON else Kind.DEAL_LOST
    return _end(deals, values, kind, by)


def _end(deals: Sequence[Deal], values: dict[str, Any], kind: Kind, by: User | None) -> int:
    keys = [deal.pk for deal in deals]
    writing.set_columns(keys, values)
    writing.put_last(keys)
    writing.STAYS.walk_on(keys, values["closed_at"] or values["stage_since"])
    telling.record(kind, told(keys), by=by)
    telling.publish({deal.pipeline_id for deal in deals}, keys)
    return len(keys)


def _locked(keys: Sequence[int]) -> list[Deal]:
    rows = Deal.objects.filter(pk__in=keys).order_by("pk")
    deals = list(rows.select_for_update(of=("self",)))
    for deal in deals:
        refuse_binned(deal)
    return deals


def _refuse_silence(outcome: str, reason: Reason | None) -> None:
    if outcome == Outcome.LOST and reason is None:
        raise Invalid({"reason": _("Say why it was lost: that is what one learns from.")})


def _refuse_reason(outcome: str, reason: Reason | None) -> None:
    if reason is not None and reason.outcome != outcome:
        raise Invalid({"reason": _("This reason is for other deals.")})


def _refuse_winner(deal: Deal) -> None:
    if deal.outcome != Outcome.LOST:
        raise Invalid({"lost_to": _("This deal was won: nobody took it away.")})
