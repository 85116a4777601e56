"""Deals on their way: into another stage, and to a place among the others of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ranks
from circulo.lib.errors import RuleBroken
from circulo.sales.actions import telling, writing
from circulo.sales.models import Deal, Stage
from circulo.sales.selectors.entry import refuse_unready
from circulo.timeline.kinds import Kind


@transaction.atomic
def move_deal(
    deal: Deal, *, to: Stage, after: int | None = None, before: int | None = None, by: User
) -> Deal:
    """Put an open deal into a stage, right after or right before another deal there, else last.

    A neighbour that went elsewhere meanwhile counts for nothing. Whoever moves in the same column
    waits here for each other, so that there is one order in the end.
    """
    hold_stages([to.pk])
    locked = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    refuse_over(locked)
    was = locked.pipeline_id
    enters = locked.stage_id != to.pk
    if enters:
        enter_stage([locked], Stage.objects.get(pk=to.pk), by=by)
    _put(locked, to, after, before, has_place=not enters)
    telling.publish({was, to.pipeline_id}, [locked.pk])
    return Deal.objects.get(pk=locked.pk)


def hold_stages(keys: Sequence[int]) -> None:
    """Wait for whoever moves deals into these stages; always before any deal is locked."""
    rows = Stage.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def enter_stage(deals: Sequence[Deal], to: Stage, *, by: User | None) -> list[int]:
    """Have locked open deals enter a stage at its end; the keys of those that did.

    What the stage asks for is looked at as the deals stand now.
    """
    keys = [deal.pk for deal in deals]
    if not keys:
        return []
    for deal in deals:
        refuse_over(deal)
    refuse_unready(keys, to)
    came = {deal.pk: deal.stage_id for deal in deals}
    now = timezone.now()
    place = {"stage_id": to.pk, "pipeline_id": to.pipeline_id, "stage_since": now}
    writing.set_columns(keys, place)
    writing.put_last(keys)
    writing.STAYS.walk_on(keys, now)
    _record(keys, came, by)
    return keys


def _record(keys: Sequence[int], came: dict[int, int], by: User | None) -> None:
    names = dict(Stage.objects.filter(pk__in=set(came.values())).values_list("pk", "name"))
    found = Deal.objects.filter(pk__in=keys).select_related("party", "stage").order_by("pk")
    deals = list(found)
    data = {deal.pk: {"from": names[came[deal.pk]], "to": deal.stage.name} for deal in deals}
    telling.record(Kind.DEAL_MOVED, deals, by=by, data=data)


def refuse_over(deal: Deal) -> None:
    """Nothing moves or is suggested where a deal is over, or in the bin."""
    if deal.binned_at:
        raise RuleBroken(_("This record is in the bin: restore it first."))
    if not deal.is_open:
        raise RuleBroken(_("“%s” is over: open it again first.") % deal.title)


def _put(deal: Deal, to: Stage, after: int | None, before: int | None, *, has_place: bool) -> None:
    """Find the place between the neighbours, and write it; last where none of them is there."""
    others = Deal.objects.on_board().filter(stage=to).exclude(pk=deal.pk)
    ranks_of = dict(others.filter(pk__in=_named(after, before)).values_list("pk", "rank"))
    low, high = "", ""
    if before in ranks_of:
        high = ranks_of[before]
        low = _nearest(others.filter(rank__lt=high).order_by("-rank"))
    elif after in ranks_of:
        low = ranks_of[after]
        high = _nearest(others.filter(rank__gt=low).order_by("rank"))
    if high:
        writing.put_at(deal.pk, ranks.between(low, high))
    elif has_place:  # else it has come in at the end already
        writing.put_last([deal.pk])


def _named(*keys: int | None) -> Collection[int]:
    return [key for key in keys if key is not None]


def _nearest(rows: object) -> str:
    found: str | None = rows.values_list("rank", flat=True).first()  # type: ignore[attr-defined]  # a queryset in an order
    return found or ""
