"""How leads come in: known people are recognised, rules score them and say whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.leads.actions import telling, writing
from circulo.leads.clock import due_after
from circulo.leads.drafts import Draft
from circulo.leads.matching import link_known
from circulo.leads.models import Lead
from circulo.leads.routing import give_out
from circulo.leads.rulebook import Rulebook, judge, rulebook
from circulo.leads.scoring import scored
from circulo.lib.errors import Invalid, RuleBroken
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

SCORED = ("score", "score_kind", "score_reasons")
ROUTED = (*SCORED, "owner_id", "team_id", "route", "answer_due_at")
BATCH = 2_000


def add_lead(draft: Draft, *, by: User | None) -> Lead:
    """Add one lead; see `add_leads`."""
    (lead,) = _come([draft], by=by, is_demo=False)
    return lead


def add_leads(drafts: Sequence[Draft], *, by: User | None, is_demo: bool = False) -> list[int]:
    """Add leads, link those of known people, score them, and give them to whom the rules say.

    Whoever is named as the owner has it, or the queue of the team that is named; what looks like
    spam waits for a look.
    """
    return [lead.pk for lead in _come(drafts, by=by, is_demo=is_demo)]


@transaction.atomic
def _come(drafts: Sequence[Draft], *, by: User | None, is_demo: bool) -> list[Lead]:
    refuse_known([draft.columns.get("reference", "") for draft in drafts])
    made = {"created_by_id": by.pk} if by else {}
    rows = [made | draft.columns for draft in drafts]
    link_known(rows)
    keys = writing.insert_leads(rows, is_demo=is_demo)
    settle_arrivals(keys, rows)
    leads = telling.told(keys)
    clean = [lead for lead in leads if lead.status != Lead.Status.SUSPECT]
    telling.record(Kind.LEAD_CAME, clean, by=by)
    telling.tell_owners([lead for lead in clean if lead.is_open], by=by)
    return leads


def settle_arrivals(keys: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
    """Score new leads; of those that are open and whose owner nobody named, say whose they are."""
    book = rulebook()
    judged = {one.key: one for one in judge(list(keys), book)}
    known = dict(zip(keys, rows, strict=True))
    values = {key: scored(one.scores) for key, one in judged.items()}
    open_ones = [key for key in keys if known[key].get("status", "new") in ("new", "working")]
    free = [key for key in open_ones
            if not known[key].get("owner_id") and not known[key].get("team_id")]  # fmt: skip
    came = _moments(keys, rows)
    given = give_out([judged[key] for key in free], book)
    for key in open_ones:
        if key in given:
            values[key] |= given[key].columns(came[key], book)
        else:
            values[key] |= _as_said(known[key], came[key], book)
    routed = [{"id": key, **values[key]} for key in open_ones]
    writing.settle_leads(routed, ROUTED)
    rest = [{"id": key, **values[key]} for key in keys if key not in set(open_ones)]
    writing.settle_leads(rest, SCORED)


@transaction.atomic
def accept_leads(keys: Sequence[int], *, by: User) -> int:
    """Take leads that looked like spam for real: they come in now, and are given to somebody."""
    leads = hold(keys)
    for lead in leads:
        if lead.status != Lead.Status.SUSPECT:
            raise RuleBroken(_("“%s” is no suspect.") % lead)
    there = [lead.pk for lead in leads]
    writing.set_columns(there, {"status": Lead.Status.NEW})
    writing.STAYS.walk_on(there, timezone.now())
    let_in(leads, by=by)
    return len(there)


def let_in(leads: Sequence[Lead], *, by: User) -> None:
    """Have leads come in now that did not when they arrived: scored, given out, told of."""
    if not leads:
        return
    keys, now = [lead.pk for lead in leads], timezone.now()
    rows = [{"owner_id": lead.owner_id, "team_id": lead.team_id, "arrived_at": now}
            for lead in leads]  # fmt: skip
    settle_arrivals(keys, rows)
    told = telling.told(keys)
    telling.record(Kind.LEAD_CAME, told, by=by)
    telling.tell_owners(told, by=by)
    telling.publish(keys)


@transaction.atomic
def lead_from_interaction(told: Interaction, draft: Draft, *, by: User) -> Lead:
    """Make a lead of what somebody wrote or said to us, once: the second time it is the first."""
    known = Lead.objects.filter(interaction=told).first()
    if known is not None:
        return known
    came = {"interaction_id": told.pk, "arrived_at": told.occurred_at, "channel": told.channel}
    party = told.party
    who = {"party_id": party.pk} if party.is_person else {"company_party_id": party.pk}
    draft.columns = came | who | draft.columns
    try:
        with transaction.atomic():
            return add_lead(draft, by=by)
    except IntegrityError:
        return Lead.objects.get(interaction=told)


@transaction.atomic
def score_leads(keys: Sequence[int]) -> list[int]:
    """Score leads anew by the rules in force; the keys of those whose score changed."""
    rows = [{"id": one.key, **scored(one.scores)} for one in judge(list(keys), rulebook())]
    changed = writing.settle_leads(rows, SCORED)
    telling.publish(changed)
    return changed


def score_every_lead() -> int:
    """Score all leads anew, a batch after the other; how many changed."""
    changed, last = 0, 0
    while True:
        rows = Lead.objects.kept().filter(pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return changed
        changed += len(score_leads(keys))
        last = keys[-1]


def hold(keys: Collection[int]) -> list[Lead]:
    """These leads, ours until the transaction ends; none of them is in the bin."""
    rows = Lead.objects.filter(pk__in=keys).order_by("pk")
    leads = list(rows.select_for_update(of=("self",)))
    for lead in leads:
        if lead.binned_at:
            raise RuleBroken(_("This record is in the bin: restore it first."))
    return leads


def _as_said(row: dict[str, Any], came: datetime, book: Rulebook) -> dict[str, Any]:
    """Whoever was named has it."""
    return {
        "owner_id": row.get("owner_id"),
        "team_id": row.get("team_id"),
        "route": {"way": "said"},
        "answer_due_at": due_after(came, book.desk.answer_minutes, book.hours),
    }


def _moments(keys: Sequence[int], rows: Sequence[dict[str, Any]]) -> dict[int, datetime]:
    """When each lead came in."""
    now = timezone.now()
    return {key: _moment(row.get("arrived_at"), now) for key, row in zip(keys, rows, strict=True)}


def _moment(said: Any, now: datetime) -> datetime:
    return datetime.fromisoformat(said) if isinstance(said, str) and said else said or now


def refuse_known(references: Iterable[str]) -> None:
    """A reference names one lead: politely, before the database says so."""
    said = [one for one in references if one]
    if said and Lead.objects.kept().filter(reference__in=said).exists():
        raise Invalid({"reference": _("Another lead has this reference.")})
