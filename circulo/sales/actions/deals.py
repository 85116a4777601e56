"""Adding, changing, binning and restoring deals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.catalog.keeping import refuse_other_lines
from circulo.lib.acting import changing
from circulo.lib.errors import Invalid, RuleBroken, refuse_stale
from circulo.sales.actions import hanging, lines, telling, writing
from circulo.sales.actions.moving import enter_stage, hold_stages
from circulo.sales.drafts import Draft
from circulo.sales.models import Deal, Stage
from circulo.sales.selectors.entry import refuse_unready
from circulo.timeline.kinds import Kind

EDITED = frozenset({"owner_id", "stage_id", "expected_on", "source", "campaign", "custom"})
_WAY = ("stage_id", "pipeline_id")


def add_deal(draft: Draft, *, by: User | None) -> Deal:
    """Add one deal; see `add_deals`."""
    return Deal.objects.get(pk=add_deals([draft], by=by)[0])


@transaction.atomic
def add_deals(drafts: Sequence[Draft], *, by: User | None, is_demo: bool = False) -> list[int]:
    """Add deals; whoever adds one owns it unless the draft says who does."""
    made = {"created_by_id": by.pk, "owner_id": by.pk} if by else {}
    _refuse_known([draft.columns.get("reference", "") for draft in drafts])
    keys = writing.insert_deals([made | draft.columns for draft in drafts], is_demo=is_demo)
    for key, draft in zip(keys, drafts, strict=True):
        hanging.put(key, draft)
        lines.put(key, draft)
    for stage, there in _by_stage(keys, drafts).items():
        refuse_unready(there, Stage.objects.get(pk=stage))
    made_ones = told(keys)
    telling.record(Kind.DEAL_OPENED, made_ones, by=by)
    if by and not is_demo:
        telling.tell_owners(made_ones, by=by)
    telling.publish_deals(keys)
    return keys


@transaction.atomic
def change_deal(deal: Deal, draft: Draft, *, by: User, version: int | None = None) -> Deal:
    """Change what the draft names. With `version`, refuses where somebody saved a newer one."""
    to = draft.columns.get("stage_id")
    hold_stages([to] if to else [])
    locked = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    refuse_binned(locked)
    refuse_stale(locked, version, draft.columns)
    refuse_other_lines(locked.lines, draft.lines_seen)
    if draft.columns.get("reference", locked.reference) != locked.reference:
        _refuse_known([draft.columns["reference"]])
    names = [name for name in draft.columns if name not in _WAY]
    changed = writing.update_deals([{"id": locked.pk, **draft.columns}], names)
    hangs = hanging.put(locked.pk, draft) | lines.put(locked.pk, draft, was=locked.currency)
    if hangs and not changed:
        writing.touch([locked.pk])
    if to and to != locked.stage_id:
        enter_stage([locked], Stage.objects.get(pk=to), by=by)
    pipelines = {locked.pipeline_id, draft.columns.get("pipeline_id", locked.pipeline_id)}
    telling.publish(pipelines, [locked.pk], left=locked.party_id)
    return _given([locked], by)[0]


@transaction.atomic
def edit_deals(keys: Sequence[int], values: dict[str, Any], *, by: User) -> int:
    """Set the same values on many deals, such as their owner or their stage; how many changed."""
    unknown = set(values) - EDITED
    if unknown:
        raise Invalid(dict.fromkeys(unknown, _("There is no such field here.")))
    columns = {name: value for name, value in values.items() if name != "stage_id"}
    to = values.get("stage_id")
    hold_stages([to] if to else [])
    deals = list(Deal.objects.kept().filter(pk__in=keys).order_by("pk").select_for_update())
    there = [deal.pk for deal in deals]
    changed = set(writing.set_columns(there, columns))
    if to:
        going = [deal for deal in deals if deal.is_open and deal.stage_id != to]
        changed |= set(enter_stage(going, Stage.objects.get(pk=to), by=by))
    telling.publish({deal.pipeline_id for deal in deals}, sorted(changed))
    if "owner_id" in columns:
        _given(deals, by)
    return len(changed)


@transaction.atomic
def tag_deals(keys: Sequence[int], *, add: str = "", remove: str = "", by: User) -> int:
    """Put a tag on many deals, or take one off; how many changed."""
    changed = writing.retag(keys, add, remove)
    telling.publish_deals(changed)
    return len(changed)


@transaction.atomic
def claim_deals(people: Sequence[int]) -> int:
    """Give people who came later the deals that name them as their agent elsewhere; how many."""
    claimed = writing.claim(people)
    writing.refresh_search(claimed)
    telling.publish_deals(claimed)
    return len(claimed)


@transaction.atomic
def bin_deals(keys: Sequence[int], *, by: User) -> int:
    """Move deals to the bin, from which they can be restored; how many went."""
    with changing("delete", by=by.pk):
        rows = Deal.objects.kept().filter(pk__in=keys)
        gone = rows.update(binned_at=timezone.now())
    telling.publish_deals(keys)
    return gone


@transaction.atomic
def restore_deals(keys: Sequence[int], *, by: User) -> int:
    """Take deals out of the bin again; how many came back."""
    try:
        with changing("restore", by=by.pk), transaction.atomic():
            back = Deal.objects.filter(pk__in=keys).exclude(binned_at=None).update(binned_at=None)
    except IntegrityError as error:
        text = _("Another deal has this reference meanwhile: give that one a new reference first.")
        raise RuleBroken(text) from error
    telling.publish_deals(keys)
    return back


def _given(before: Sequence[Deal], by: User) -> list[Deal]:
    """These deals as they are now; whoever was given one that was not theirs is told."""
    owners = {deal.pk: deal.owner_id for deal in before}
    deals = list(Deal.objects.filter(pk__in=owners).order_by("pk"))
    telling.tell_owners((deal for deal in deals if deal.owner_id != owners[deal.pk]), by=by)
    return deals


def told(keys: Collection[int]) -> list[Deal]:
    """The deals with their party and stage, as the timeline is told of them."""
    return list(Deal.objects.filter(pk__in=keys).select_related("party", "stage").order_by("pk"))


def refuse_binned(deal: Deal) -> None:
    """Nothing is done with a deal in the bin."""
    if deal.binned_at:
        raise RuleBroken(_("This record is in the bin: restore it first."))


def _refuse_known(references: Iterable[str]) -> None:
    """A reference names one deal: politely, before the database says so."""
    said = [one for one in references if one]
    if said and Deal.objects.kept().filter(reference__in=said).exists():
        raise Invalid({"reference": _("Another deal has this reference.")})


def _by_stage(keys: Sequence[int], drafts: Sequence[Draft]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, draft in zip(keys, drafts, strict=True):
        found.setdefault(draft.columns["stage_id"], []).append(key)
    return found
