"""What customers say to quotes: seen, commented, accepted, refused; and what time does to them.

An answer is given once: whoever comes second, at the same moment or later, is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.accounts.selectors import day_of_the_firm, end_of_day_of_the_firm
from circulo.catalog.actions import use_coupons
from circulo.catalog.lines import Wanted
from circulo.catalog.models import PricedGoods
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.text import clean
from circulo.quotes import notices
from circulo.quotes.actions import telling, writing
from circulo.quotes.actions.drafting import OPEN, withdraw_quotes
from circulo.quotes.models import Answer, Quote
from circulo.sales.actions.closing import Agreed, win_deal_as_agreed
from circulo.sales.models import Deal
from circulo.timeline.actions import Telling
from circulo.timeline.kinds import Kind as Told

Status, Kind = Quote.Status, Answer.Kind
MOST_NAME, MOST_TEXT, MOST_AGENT = 150, 5_000, 300
_PRICED = [field.attname for field in PricedGoods._meta.fields if field.name != "position"]
_AGREED = ("product_id", *_PRICED)


@dataclass(frozen=True)
class Said:
    """Who says something to a quote, what, and from where."""

    name: str
    text: str = ""
    address: str | None = None
    agent: str = ""


def answer_for(quote: Quote, said: Said, kind: str, *, by: User) -> Quote:
    """Note what a customer said to a colleague, on the phone or on paper; the note says how."""
    if not clean(said.text, limit=MOST_TEXT, lines=True):
        raise Invalid({"note": _("Say how the customer told you: by phone, by mail, signed.")})
    act = accept_quote if kind == Kind.ACCEPTED else refuse_quote
    return act(quote, said, by=by)


@transaction.atomic
def accept_quote(quote: Quote, said: Said, *, by: User | None = None) -> Quote:
    """Accept a quote, by its customer or by a colleague for them: its deal is won with it.

    Its coupon is used where it took something off a price; RuleBroken where others used it as often
    as it may be meanwhile. A newer revision that was not sent yet is withdrawn.
    """
    revisions = writing.locked_revisions(quote)
    kept = _open(quote)
    use_coupons([kept.coupon] if gave_coupon(kept) else [], by=by)
    name = _answered(kept, Kind.ACCEPTED, said, by)
    lost = _win(kept, by)
    if begun := [one.pk for one in revisions if one.pk != kept.pk and one.status in OPEN]:
        withdraw_quotes(begun, by=by)
    told = Telling(body=_signed(name, said.text))
    telling.record(Told.QUOTE_ACCEPTED, kept, by=by, told=told)
    telling.notice(notices.ACCEPTED, kept, {kept.owner_id}, by=by, words={"who": name})
    if lost:
        telling.notice(notices.WON_AFTER_ALL, kept, {kept.owner_id, lost.owner_id}, by=by,
                       words={"who": name, "deal": lost.title})  # fmt: skip
    return kept


@transaction.atomic
def refuse_quote(quote: Quote, said: Said, *, by: User | None = None) -> Quote:
    """Refuse a quote, and say why; its deal stays as it is."""
    kept = _open(quote)
    name = _answered(kept, Kind.REFUSED, said, by)
    told = Telling(body=_signed(name, said.text))
    telling.record(Told.QUOTE_REFUSED, kept, by=by, told=told)
    telling.notice(notices.REFUSED, kept, {kept.owner_id}, by=by, words={"who": name})
    return kept


@transaction.atomic
def comment_quote(quote: Quote, said: Said) -> Answer:
    """Say something to a quote without deciding. What is said twice in a row counts once."""
    kept = _open(quote)
    text = clean(said.text, limit=MOST_TEXT, lines=True)
    if not text:
        raise Invalid({"text": _("Write your question or remark first.")})
    last = kept.answers.filter(kind=Kind.COMMENTED, by=None).order_by("-at", "-pk").first()
    if last and (last.name, last.text) == (clean(said.name, limit=MOST_NAME), text):
        return last
    answer = _answer(kept, Kind.COMMENTED, said, None)
    body = _signed(answer.name, answer.text)
    told = Telling(body=body, direction="in")
    telling.record(Told.QUOTE_COMMENTED, kept, by=None, told=told)
    words = {"who": answer.name}
    telling.notice(notices.COMMENTED, kept, {kept.owner_id}, by=None, words=words)
    return answer


@transaction.atomic
def reply_to_customer(quote: Quote, text: str, *, by: User) -> Answer:
    """Answer what was asked of a quote: it stands on the page that the customer has. What is sent
    twice in a row counts once.
    """
    kept = _open(quote)
    words = clean(text, limit=MOST_TEXT, lines=True)
    if not words:
        raise Invalid({"comment": _("Write your answer first.")})
    last = kept.answers.order_by("-at", "-pk").first()
    if last and (last.by_id, last.text) == (by.pk, words):
        return last
    answer = _answer(kept, Kind.COMMENTED, Said(by.name, text), by)
    told = Telling(body=answer.text, direction="out")
    telling.record(Told.QUOTE_COMMENTED, kept, by=by, told=told)
    return answer


def note_seen(quote: Quote) -> bool:
    """Note that the customer opened the quote; whether that was the first time."""
    with transaction.atomic():
        rows = Quote.objects.filter(pk=quote.pk, status=Status.SENT, seen_at=None)
        if not rows.update(seen_at=timezone.now()):
            return False
        kept = Quote.objects.get(pk=quote.pk)
        telling.record(Told.QUOTE_OPENED, kept, by=None, told=Telling(direction="in"))
        telling.notice(notices.OPENED, kept, {kept.owner_id}, by=None)
        return True


@transaction.atomic
def expire_quotes(today: date | None = None) -> int:
    """End what nobody answered until its last day was over where the firm is; how many quotes."""
    rows = Quote.objects.sent().filter(valid_until__lt=today or day_of_the_firm()).order_by("pk")
    late = list(rows.select_for_update(of=("self",), skip_locked=True).select_related("party"))
    for quote in late:
        writing.save(quote, status=Status.EXPIRED)
        over = min(end_of_day_of_the_firm(quote.valid_until), timezone.now())
        telling.record(Told.QUOTE_EXPIRED, quote, by=None, told=Telling(occurred_at=over))
    return len(late)


def gave_coupon(quote: Quote) -> bool:
    """Whether the coupon of a quote took something off the price of a line."""
    if not quote.coupon:
        return False
    rules = (step for line in quote.lines.all() for step in line.steps if step["kind"] == "rule")
    # A line that was priced when steps did not name their coupons counts as if it had asked for it.
    codes = (step["values"].get("coupon", quote.coupon) for step in rules)
    return any(code.upper() == quote.coupon.upper() for code in codes)


def _open(quote: Quote) -> Quote:
    """The quote, held, where it can still be answered."""
    kept = writing.locked(quote)
    if kept.status in (Status.ACCEPTED, Status.REFUSED):
        raise RuleBroken(_("%s was answered already.") % kept.called)
    if kept.status != Status.SENT or kept.is_late:
        raise RuleBroken(_("%s does not hold any more: ask for a new one.") % kept.called)
    return kept


def _answered(quote: Quote, kind: str, said: Said, by: User | None) -> str:
    """Keep an answer that decides, and what the quote is by it; who gave it."""
    answer = _answer(quote, kind, said, by)
    values: dict[str, Any] = {"status": kind, "decided_at": answer.at, "decision_note": answer.text}
    writing.save(quote, **values)
    return answer.name


def _answer(quote: Quote, kind: str, said: Said, by: User | None) -> Answer:
    name = clean(said.name, limit=MOST_NAME) or (by.name if by else "")
    if not name:
        raise Invalid({"name": _("Write your name.")})
    return Answer.objects.create(
        quote=quote,
        kind=kind,
        name=name,
        text=clean(said.text, limit=MOST_TEXT, lines=True),
        address=said.address,
        agent=clean(said.agent[:MOST_AGENT].replace("\0", ""), limit=MOST_AGENT),
        sha256=quote.sha256,
        by=by,
    )


def _win(quote: Quote, by: User | None) -> Deal | None:
    """Win the deal of a quote for what was accepted, where it is not won yet; the deal where it was
    held for lost.
    """
    if quote.deal_id is None:
        return None
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=quote.deal_id)
    if deal.binned_at or deal.outcome == Deal.Outcome.WON:
        return None
    win_deal_as_agreed(deal, _agreed(quote), by=by)
    return deal if deal.outcome == Deal.Outcome.LOST else None


def _agreed(quote: Quote) -> Agreed:
    """What was accepted, line by line at the prices of the quote; no deal keeps lines of a product
    that is gone.
    """
    lines = list(quote.lines.filter(product__isnull=False).order_by("position", "pk"))
    rows = [{name: getattr(line, name) for name in _AGREED} for line in lines]
    return Agreed(quote.net, quote.currency, [Wanted.of(line) for line in lines], rows)


def _signed(name: str, text: str) -> str:
    return f"{name}\n\n{text}" if text else name
