"""Having quotes approved: asked by rule, approved or sent back, taken back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import clean
from circulo.quotes import notices
from circulo.quotes.actions import telling, writing
from circulo.quotes.models import Approval, Quote
from circulo.quotes.selectors.approvals import people_for, rules_met

Status, State = Quote.Status, Approval.State
MOST_COMMENT = 2_000


@transaction.atomic
def submit_quote(quote: Quote, *, by: User) -> Quote:
    """Have a draft approved: it waits where it meets a rule, else it is approved at once."""
    kept = writing.locked(quote, Status.DRAFT)
    refuse_incomplete(kept)
    rules = rules_met(kept)
    writing.save(kept, status=Status.WAITING if rules else Status.APPROVED)
    asked: set[int] = set()
    for rule in rules:
        people = people_for(rule, kept, asked_by=by)
        Approval.objects.create(quote=kept, rule=rule, reason=rule.name, people=people)
        asked |= set(people)
    telling.notice(notices.ASKED, kept, asked, by=by)
    telling.publish(kept)
    return kept


@transaction.atomic
def approve_quote(quote: Quote, *, by: User, comment: str = "") -> Quote:
    """Approve all that one is asked of a quote; it is approved once nobody is asked any more."""
    kept = writing.locked(quote, Status.WAITING)
    _decide(kept, State.APPROVED, by, comment)
    if not kept.approvals.filter(state=State.WAITING).exists():
        writing.save(kept, status=Status.APPROVED)
        telling.notice(notices.APPROVED, kept, {kept.owner_id}, by=by)
    telling.publish(kept)
    return kept


@transaction.atomic
def return_quote(quote: Quote, *, by: User, comment: str) -> Quote:
    """Send a quote back to whoever wrote it, and say what has to change."""
    kept = writing.locked(quote, Status.WAITING)
    if not clean(comment, limit=MOST_COMMENT, lines=True):
        raise Invalid({"comment": _("Say what has to change before you approve it.")})
    _decide(kept, State.RETURNED, by, comment)
    drop_approvals([kept.pk])
    writing.save(kept, status=Status.DRAFT)
    telling.notice(notices.RETURNED, kept, {kept.owner_id}, by=by)
    telling.publish(kept)
    return kept


@transaction.atomic
def redraft_quote(quote: Quote, *, by: User) -> Quote:
    """Take a quote back that waits or is approved, to change it; approvals are asked anew then."""
    kept = writing.locked(quote, Status.WAITING, Status.APPROVED)
    drop_approvals([kept.pk])
    writing.save(kept, status=Status.DRAFT)
    telling.publish(kept)
    return kept


def drop_approvals(keys: Sequence[int]) -> None:
    """Ask nobody any more to approve these quotes."""
    waiting = Approval.objects.filter(quote__in=keys, state=State.WAITING)
    waiting.update(state=State.DROPPED, decided_at=timezone.now())


def refuse_incomplete(quote: Quote) -> None:
    """Refuse what nobody could accept: without lines, without a price, or over already."""
    lines = list(quote.lines.order_by("position"))
    if not lines:
        raise RuleBroken(_("%s has no lines yet: say what is offered.") % quote.called)
    unpriced = next((line.name for line in lines if not line.is_priced), "")
    if unpriced:
        raise RuleBroken(_("No list says what “%s” costs: write its price by hand.") % unpriced)
    if quote.is_late:
        raise RuleBroken(_("The day until which it holds is over: choose a later one."))


def _decide(quote: Quote, state: str, by: User, comment: str) -> None:
    mine = quote.approvals.filter(state=State.WAITING, people__contains=[by.pk])
    if state == State.APPROVED and quote.owner_id == by.pk:
        mine = mine.filter(rule__allows_own=True)
    said = {"state": state, "decided_by": by, "decided_at": timezone.now(),
            "comment": clean(comment, limit=MOST_COMMENT, lines=True)}  # fmt: skip
    if not mine.update(**said):
        raise RuleBroken(_("You are not asked to approve this quote."))
