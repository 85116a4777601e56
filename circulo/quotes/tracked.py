"""What the ledger keeps of quotes, and how far that can be put back.

What was sent stays as it was: only drafts are changed back, and no number is given back; what
colleagues marked by mistake can be taken back (`undone`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from circulo.catalog.lines import Wanted
from circulo.catalog.models import PRICED_TOGETHER
from circulo.quotes.actions import telling, writing
from circulo.quotes.actions.approving import drop_approvals
from circulo.quotes.actions.putting_back import put_quote_back
from circulo.quotes.models import Answer, Approval, ApprovalRule, Quote, QuoteLine, QuotePaper
from circulo.quotes.seen import sees_margin
from circulo.quotes.undone import call_off, marked_here, refusal, settle_coupon, undone
from circulo.records.models import OWN
from circulo.records.tracking import Hidden, Root, Tracked, root, track

if TYPE_CHECKING:
    from circulo.accounts.models import User

_MARGIN = {"cost", "margin_rate"}
# The terms of a quote, and what it comes to by them.
_PRICED_TOGETHER = ("currency", "coupon", "withholding", "net", "tax", "withheld", "total",
                    "total_at_home", "taxes", "discount", "most_discount", "cost",
                    "margin_rate")  # fmt: skip
_DECIDED_TOGETHER = ("status", "decided_at", "decision_note", "digest", "seed")
_LINE_PRICED_TOGETHER = (*PRICED_TOGETHER, "name", "code", "cost")
_PRICES = {"quote_line", "quote.party_id", *(f"quote.{name}" for name in _PRICED_TOGETHER),
           *(f"quote_line.{name}" for name in _LINE_PRICED_TOGETHER)}  # fmt: skip
_PRICED_FOR = {"quote.party_id", "quote.currency", "quote.coupon", "quote.withholding"}
_LOOSE = {"quote.owner_id", "quote.party_id", "quote.contact_id", "quote.custom"}


def _within(user: User, act: str) -> QuerySet[Any]:
    """The quotes that this person may edit, or withdraw."""
    return Quote.objects.visible_to(user, act)


def _settle(keys: Sequence[int], names: Collection[str]) -> None:
    """What was put back was a draft and stays one, as nobody has approved it as it is now; and it
    comes to what its lines say. Whose it is and whom it hangs on bears on none of that, and what
    was called back on its way is as it was.
    """
    back = {name for name in names if name.startswith("quote")}
    for quote in Quote.objects.select_for_update(of=("self",)).filter(pk__in=keys):
        if back <= _LOOSE or "quote.sent_at" in back:
            telling.publish(quote)
            continue
        if quote.status in (Quote.Status.WAITING, Quote.Status.APPROVED):
            drop_approvals([quote.pk])
            writing.save(quote, status=Quote.Status.DRAFT)
        if quote.is_draft and not writing.adds_up(quote):
            _price(quote)
        if {"quote.status", "quote_answer"} <= back:
            settle_coupon(quote)
        telling.publish(quote)


def _part(names: Collection[str], since: Callable[[], dict[int, set[str]]]) -> None:
    """Where lines of a draft were put back and somebody gave it another party or other terms since,
    or the other way round, it is priced anew.
    """
    if back := _PRICES & {*names}:
        done = {key: _PRICES & others for key, others in since().items()}
        keys = [key for key, others in done.items()
                if others and not _PRICED_FOR.isdisjoint(back | others)]  # fmt: skip
        rows = Quote.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        for quote in rows.filter(status=Quote.Status.DRAFT):
            _price(quote)


def _price(quote: Quote) -> None:
    """Price the lines of a draft as they are now."""
    there = quote.lines.filter(product__isnull=False).order_by("position", "pk")
    writing.price(quote, [Wanted.of(line) for line in there])


def _change(key: int, values: dict[str, Any], _old: dict[str, Any], by: User) -> None:
    """Put columns of a draft back by the rules of its form."""
    put_quote_back(Quote.objects.get(pk=key), values, by=by)


def _named(user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Quote.objects.visible_to(user).filter(pk__in=keys)
    return {quote.pk: (str(quote), quote.get_absolute_url()) for quote in rows}


def _hides(user: User, keys: Collection[int]) -> dict[int, Hidden]:
    """What a role hides of quotes is hidden in their history too."""
    knows_margin, sees_products = sees_margin(user), user.may("products", "view")
    hides_own = any(name.startswith(OWN) for name in user.hidden_fields("quotes"))

    def hides(kind: str, column: str, row: dict[str, Any]) -> bool:
        if kind == "quote_line" and not sees_products:
            return True
        if column == "custom":
            return hides_own
        return column in _MARGIN and not knows_margin

    return dict.fromkeys(keys, hides)


def _decided(user: User, _act: str) -> QuerySet[Any] | None:
    """What administrators decide: nobody else takes it back."""
    return None if user.is_admin else ApprovalRule.objects.none()


def _called(_user: User, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    return {one.pk: (str(one), "") for one in ApprovalRule.objects.filter(pk__in=keys)}


root(
    Root("quote", _within, _settle, _part, whose="owner_id", named=_named, hides=_hides,
         change=_change, undone=undone, acts=("status", marked_here), refuses=refusal,
         calls_off=call_off,
         loose=frozenset(name.removeprefix("quote.") for name in _LOOSE)),
)  # fmt: skip
root(Root("approval_rule", _decided, named=_called), Root("quote_paper", _decided))
track(
    Tracked(
        Quote,
        "quote",
        _("Quote"),
        told=("title",),
        silent=frozenset({"is_demo", "created_at", "digest", "seed", "sha256", "taxes",
                          "total_at_home", "year", "serial", "revision", "file_id"}),
        derived=frozenset({"number"}),
        together=(_PRICED_TOGETHER, _DECIDED_TOGETHER),
        bumped="version",
        touched="updated_at",
        own_of=lambda row: "quotes",
    ),
    Tracked(
        QuoteLine,
        "quote_line",
        _("Line"),
        root="quote_id",
        root_kind="quote",
        told=("quantity", "name", "net"),
        silent=frozenset({"steps", "is_priced", "includes_tax", "tax_class", "cost"}),
        placed_by="position",
        together=(_LINE_PRICED_TOGETHER,),
    ),
    Tracked(
        Approval,
        "approval",
        _("Approval"),
        root="quote_id",
        root_kind="quote",
        told=("reason", "state"),
        silent=frozenset({"people", "asked_at"}),
    ),
    Tracked(
        Answer,
        "quote_answer",
        _("Answer"),
        root="quote_id",
        root_kind="quote",
        told=("kind", "name"),
        silent=frozenset({"address", "agent", "sha256"}),
    ),
    Tracked(ApprovalRule, "approval_rule", _("Approval rule"), told=("name",)),
    Tracked(QuotePaper, "quote_paper", _("Paper of quotes"), told=("days",)),
)  # fmt: skip
