"""A quote as other programs are shown it: one dictionary, by the names that it is written with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from circulo.catalog.lines import lines_shown
from circulo.catalog.models import Product
from circulo.channels.email.selectors import mails_shown
from circulo.lib import ids, money
from circulo.parties.models import Party
from circulo.quotes.models import Answer, Approval, Quote, QuoteLine
from circulo.quotes.seen import sees_margin
from circulo.records.models import OWN
from circulo.records.own import links
from circulo.records.own.computed import known_to
from circulo.records.own.definitions import defined
from circulo.sales.models import Deal

if TYPE_CHECKING:
    from circulo.accounts.models import User

_PLAIN = ("title", "addressee", "language", "coupon", "withholding", "valid_until", "introduction",
          "terms", "status", "revision", "sent_at", "seen_at", "decided_at", "decision_note",
          "sha256", "version", "created_at", "updated_at")  # fmt: skip

_COLUMNS = Quote._meta.concrete_fields


def quotes_shown(user: User, keys: Sequence[int]) -> list[dict[str, Any]]:
    """The visible ones among these quotes in the order of the keys, in a fixed number of
    statements.
    """
    rows = Quote.objects.visible_to(user).select_related("owner").in_bulk(list(keys))
    world = _World(user, rows)
    shown = [world.shape(rows[key]) for key in keys if key in rows]
    links.hide_unseen(user, defined("quotes"), [one["custom"] for one in shown])
    return shown


class _World:
    """What belongs to a page of quotes, as far as a person sees it."""

    def __init__(self, user: User, rows: dict[int, Quote]) -> None:
        self.user, self.knows_margin = user, sees_margin(user)
        self.hidden = {name.removeprefix(OWN) for name in user.hidden_fields("quotes")}
        found = list(rows.values())
        linked = {key for one in found for key in (one.party_id, one.contact_id) if key}
        deals = {one.deal_id for one in found if one.deal_id}
        parties = Party.objects.visible_to(user).filter(pk__in=linked)
        self.parties = dict(parties.values_list("pk", "name"))
        seen = Deal.objects.visible_to(user).filter(pk__in=deals)
        self.deals = set(seen.values_list("pk", flat=True))
        self.lines = _grouped(QuoteLine.objects.filter(quote__in=rows).order_by("position", "pk"))
        self.approvals = _grouped(
            Approval.objects.filter(quote__in=rows).select_related("decided_by").order_by("pk")
        )
        self.mails = mails_shown(user, "quote", list(rows))
        self.answers = _grouped(Answer.objects.filter(quote__in=rows).order_by("pk"))
        products = {line.product_id for some in self.lines.values() for line in some}
        known = Product.objects.visible_to(user).filter(pk__in=products - {None})
        self.products = set(known.values_list("pk", flat=True))

    def shape(self, quote: Quote) -> dict[str, Any]:
        currency = quote.currency
        said: dict[str, Any] = {
            "id": quote.public_id,
            "number": quote.called,
            **{name: getattr(quote, name) for name in _PLAIN},
            "currency": currency,
            "party": self._party(quote.party_id),
            "party_name": self.parties.get(quote.party_id or 0),
            "contact": self._party(quote.contact_id),
            "deal": ids.encode("deal", quote.deal_id) if quote.deal_id in self.deals else None,
            "owner": quote.owner.opaque,
            "owner_name": quote.owner.name,
            **{name: money.told(getattr(quote, name), currency)
               for name in ("net", "tax", "gross", "withheld", "total")},
            "discount": number(quote.discount),
            "most_discount": (
                None if quote.most_discount is None else number(quote.most_discount)
            ),
            "taxes": [
                {**one, "rate": number(Decimal(one["rate"])),
                 "base": money.told(Decimal(one["base"]), currency),
                 "amount": money.told(Decimal(one["amount"]), currency)}
                for one in quote.taxes
            ],
            "lines": self._lines(quote),
            "approvals": [_approval(one) for one in self.approvals.get(quote.pk, ())],
            "mails": self.mails.get(quote.pk, []),
            "answers": [_answer(one) for one in self.answers.get(quote.pk, ())],
            "custom": self._custom(quote),
        }  # fmt: skip
        if self.knows_margin:
            rate = quote.margin_rate
            said |= {
                "cost": money.told_if_known(quote.cost, currency),
                "margin": money.told_if_known(quote.margin, currency),
                "margin_rate": None if rate is None else number(rate),
            }
        return said

    def _custom(self, quote: Quote) -> dict[str, Any]:
        columns = {one.attname: getattr(quote, one.attname) for one in _COLUMNS}
        known = known_to(self.user, "quotes", columns)
        return {key: value for key, value in known.items() if key not in self.hidden}

    def _party(self, key: int | None) -> str | None:
        return ids.encode("party", key) if key in self.parties and key else None

    def _lines(self, quote: Quote) -> list[dict[str, Any]]:
        lines = self.lines.get(quote.pk, [])
        names = {one.product_id: one.name for one in lines if one.product_id in self.products}
        told = lines_shown(lines, quote.currency, names)
        return [one | {"product_name": line.name} for one, line in zip(told, lines, strict=True)]


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.quote_id, []).append(row)
    return found


def _approval(one: Approval) -> dict[str, Any]:
    return {
        "reason": one.reason, "state": one.state, "comment": one.comment,
        "asked_at": one.asked_at, "decided_at": one.decided_at,
        "decided_by": one.decided_by.opaque if one.decided_by else None,
    }  # fmt: skip


def _answer(one: Answer) -> dict[str, Any]:
    return {"kind": one.kind, "name": one.name, "text": one.text, "at": one.at,
            "sha256": one.sha256, "on_line": one.by_id is None}  # fmt: skip


def number(value: Decimal) -> str:
    """A number as a text, without zeros behind it."""
    return f"{value.normalize():f}"
