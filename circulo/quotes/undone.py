"""What an undo takes back of quotes, and why it leaves the rest.

Drafts are put back. What a colleague marked by mistake goes back too: an answer that they noted,
with the deal that it won, or that a quote was withdrawn. So does a sending whose mail still waits
for its moment: the mail is called back first. What a customer did, what has left the house and
every number stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from circulo.catalog.actions import give_coupons_back, use_coupons
from circulo.channels.email.actions import call_back
from circulo.channels.email.models import Mail
from circulo.lib.errors import Text
from circulo.quotes.actions.answering import gave_coupon
from circulo.quotes.models import Answer, Quote
from circulo.records.models import Change, ChangeSet
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

Status, Op = Quote.Status, Change.Op
_DECIDED = (Status.SENT, Status.ACCEPTED, Status.REFUSED)
_BEFORE_SENDING = (Status.DRAFT, Status.WAITING, Status.APPROVED)


def undone(kind: str, takes_away: bool) -> QuerySet[Quote]:
    """The quotes of which rows of a kind are put back: drafts. A quote itself, with its number,
    never goes; an answer goes with the mark that it was.
    """
    if kind == "quote" and takes_away:
        return Quote.objects.none()
    states = {"quote_answer": _DECIDED, "approval": _BEFORE_SENDING}
    return Quote.objects.filter(status__in=states.get(kind, (Status.DRAFT,)))


def marked_here() -> QuerySet[Quote]:
    """The quotes that have their status by an act of a colleague that may be taken back."""
    if called_back():
        return Quote.objects.filter(status__in=(Status.SENT, Status.REPLACED, *_BEFORE_SENDING))
    noted = Answer.objects.filter(quote=OuterRef("pk"), by__isnull=False)
    decided = Q(status__in=_DECIDED) & Exists(noted.exclude(kind=Answer.Kind.COMMENTED))
    return Quote.objects.filter(decided | Q(status__in=(*_BEFORE_SENDING, Status.WITHDRAWN)))


def refusal(change_set: ChangeSet, by: User | None) -> Text:
    """Why an undo leaves a change set of quotes alone; nothing where it need not."""
    lines = list(change_set.changes.filter(kind__in=("quote", "quote_answer")))
    if not lines:
        return ""
    added = _added(lines, "quote")
    if kept := Quote.objects.filter(added).first() if added else None:
        return _("%s keeps its number, so it is not taken away: withdraw it.") % kept.called
    answers = _added(lines, "quote_answer")
    said = Answer.objects.filter(answers, by=None).select_related("quote") if answers else ()
    if online := next(iter(said), None):
        number = online.quote.called
        return _("The customer answered %s on line: that stays. Begin a new revision.") % number
    changed = {line.key: line for line in lines if line.op == Op.UPDATED and line.kind == "quote"}
    return _left(change_set, changed) or _superseded(changed) or _of_deals(change_set, changed, by)


def settle_coupon(quote: Quote) -> None:
    """Count the coupon of a quote by what an undo made of its answer: not used where it was taken
    back, used again where that was undone.
    """
    rows = Change.objects.filter(root=quote.pk, kind="quote", new__has_key="status")
    last = rows.order_by("-step").values_list("old", flat=True).first() or {}
    if not gave_coupon(quote) or last.get("status") == quote.status:
        return
    if last.get("status") == Status.ACCEPTED:
        give_coupons_back([quote.coupon])
    elif quote.status == Status.ACCEPTED:
        use_coupons([quote.coupon], by=None)


def _added(lines: Iterable[Change], kind: str) -> Q:
    """The condition on rows that were added: the ledger keeps them as ranges of keys."""
    found = Q()
    for line in lines:
        if line.op == Op.INSERTED and line.kind == kind and line.keys is not None:
            found |= Q(pk__gte=line.keys.lower, pk__lt=line.keys.upper)
    return found


def _left(change_set: ChangeSet, changed: dict[int, Change]) -> Text:
    """Why what has left the house does not come back."""
    sent = min((key for key, line in changed.items() if "sent_at" in _names(line)), default=None)
    if sent is None:
        return ""
    quote = Quote.objects.get(pk=sent)
    if quote.sent_at is None:
        return _("%s was called back: send it anew from its page.") % quote.called
    if quote.status == Status.SENT and Mail.objects.untouched(change_set.pk).exists():
        return ""
    text = _("%s was sent, and what has left is not taken back: withdraw it, or begin a revision.")
    return text % quote.called


def call_off(change_set: int) -> None:
    """Call the mails of an act back, and let the database know in this transaction that what they
    carried has not left (`circulo_sent_quote_stays`).
    """
    if call_back(change_set):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('circulo.called_back', %s, true)", [str(change_set)])


def called_back() -> bool:
    """Whether a mail was called back in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(current_setting('circulo.called_back', true), '') <> ''")
        return bool(cursor.fetchone()[0])


def _superseded(changed: dict[int, Change]) -> Text:
    """Why a quote that was withdrawn does not go on: because of what stands in its place."""
    keys = [key for key, line in changed.items() if Status.WITHDRAWN in _states(line)]
    withdrawn = Quote.objects.filter(pk__in=keys, status=Status.WITHDRAWN).order_by("pk")
    others = Quote.objects.filter(year=OuterRef("year"), serial=OuterRef("serial"))
    others = others.exclude(pk__in=changed)
    if one := withdrawn.filter(Exists(others.filter(status=Status.ACCEPTED))).first():
        accepted = Quote.objects.filter(year=one.year, serial=one.serial)
        return _("%s was answered already.") % accepted.get(status=Status.ACCEPTED).called
    newer = others.filter(revision__gt=OuterRef("revision")).exclude(status=Status.WITHDRAWN)
    if superseded := withdrawn.filter(Exists(newer)).first():
        text = _("There is a newer revision of %s: go on with that one.")
        return text % superseded.called
    return ""


def _of_deals(change_set: ChangeSet, changed: dict[int, Change], by: User | None) -> Text:
    """Why the answer to a quote is not taken back by whoever may not change the deal it won."""
    accepted = [key for key, line in changed.items() if Status.ACCEPTED in _states(line)]
    won = change_set.changes.filter(kind="deal").values("root")
    deals = Deal.objects.filter(quotes__in=accepted, pk__in=won)
    if by is None or by.is_admin:
        return ""
    within = Deal.objects.all().within(by, "edit")
    deal = deals.exclude(pk__in=within.values("pk")).select_related("owner").first()
    if deal is None:
        return ""
    text = _("A deal was won by it that you may not change: ask %s.")
    return text % deal.owner.name


def _states(line: Change) -> set[Any]:
    return {(line.old or {}).get("status"), (line.new or {}).get("status")}


def _names(line: Change) -> set[str]:
    return {*(line.old or {}), *(line.new or {})}
