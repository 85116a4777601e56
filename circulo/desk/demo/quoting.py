"""The quotes of the demo firm: two years of them, accepted, refused, revised and expired, and some
that wait today for a customer or for an approval.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F

from circulo.accounts.models import User
from circulo.catalog.lines import Wanted
from circulo.catalog.selectors.finding import products_called
from circulo.channels.email.models import Mail
from circulo.desk.demo import cast
from circulo.desk.demo.deals import HAMPER, WANTED, Sold
from circulo.desk.demo.goods import PRODUCTS
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.drafts import Draft
from circulo.quotes.models import ApprovalRule, Quote, QuotePaper, Series
from circulo.sales.models import Deal

RULE = "Más del 12 % de descuento"
HOLDS = timedelta(days=30)
MOST_PAST, MOST_NOW = 26, 9
REFUSALS = ("El precio se nos va del presupuesto.", "Este año seguimos con el de siempre.",
            "Necesitamos pago a 90 días.")  # fmt: skip
TERMS = {
    "es": {"introduction": "Gracias por su interés. Le ofrecemos lo siguiente:",
           "terms": "Portes incluidos en península a partir de 300 €.\n\nPago a 30 días fecha"
           " factura, por transferencia."},
    "en": {"introduction": "Thank you for your interest. This is what we offer:",
           "terms": "Carriage paid from 300 € on.\n\nPayment within 30 days by bank transfer."},
}  # fmt: skip
_SET_BACK = """
    UPDATE quotes_quote SET created_at = %s, sent_at = CASE WHEN sent_at IS NULL THEN NULL
        ELSE %s END, seen_at = CASE WHEN seen_at IS NULL THEN NULL ELSE %s END,
        decided_at = CASE WHEN decided_at IS NULL THEN NULL ELSE %s END,
        valid_until = %s, updated_at = %s
    WHERE id = %s
"""
_ANSWERED = "UPDATE quotes_answer SET at = %s WHERE quote_id = %s"
_TOLD = """
    UPDATE timeline_interaction SET occurred_at = CASE kind
        WHEN 'quotes.quote_sent' THEN %s WHEN 'quotes.quote_opened' THEN %s ELSE %s END
    WHERE about_kind = 'quote' AND about_id = %s
"""


@dataclass(frozen=True)
class _Way:
    """The days of a quote, and what became of it."""

    sent: datetime
    decided: datetime
    end: str


def enter(made: dict[int, Sold], users: dict[str, User], today: date) -> None:
    """Write the paper and the rule, and the quotes from the oldest on."""
    texts = {"texts": TERMS, "colour": "#7a1f3d", "days": HOLDS.days}
    QuotePaper.objects.update_or_create(pk=1, defaults=texts)
    criterion = {"field": "most_discount", "op": "gt", "value": 12}
    rule = actions.add_rule({"name": RULE, "criterion": criterion}, by=users[cast.ADMIN])
    ApprovalRule.objects.filter(pk=rule.pk).update(is_demo=True)
    for number, (key, sold) in enumerate(_chosen(made)):
        _quote(number, Deal.objects.get(pk=key), sold, users[sold.owner], today)


def forget(heir: User | None) -> None:
    """Take the quotes of the demo away, and count the numbers that go with them; what others offer
    for its people, and have them approve, goes to an heir."""
    gone = Quote.objects.filter(is_demo=True)
    for row in gone.values("year").annotate(n=Count("serial", distinct=True)).order_by("year"):
        Series.objects.filter(pk=row["year"]).update(gone=F("gone") + row["n"])
    Mail.objects.filter(about_kind="quote", about_id__in=gone.values("pk")).delete()
    gone.delete()
    for series in Series.objects.filter(gone=F("last")):
        series.delete()
    ApprovalRule.objects.filter(is_demo=True).delete()
    if heir is not None:
        Quote.objects.filter(owner__is_demo=True).update(owner=heir)
        ApprovalRule.objects.filter(person__is_demo=True).update(person=heir)
    QuotePaper.objects.filter(colour="#7a1f3d").delete()


def _chosen(made: dict[int, Sold]) -> Iterator[tuple[int, Sold]]:
    """Some of those that came far enough, those of today too, the oldest first."""
    far = [(key, one) for key, one in made.items() if len(one.entered) >= 3]
    over = [(key, one) for key, one in far if one.outcome != "open"]
    now = [(key, one) for key, one in far if one.outcome == "open"]
    step = max(1, len(over) // MOST_PAST)
    found = [*over[::step][:MOST_PAST], *now[:MOST_NOW]]
    yield from sorted(found, key=lambda pair: (pair[1].entered[2], pair[0]))


def _quote(number: int, deal: Deal, sold: Sold, by: User, today: date) -> None:
    """One quote, from its first line to what the customer said."""
    sent = sold.entered[2]
    way = _Way(sent, sold.closed_at or sent + HOLDS, _end_of(number, sold))
    discount = (0, 5, 0, 8, 10)[number % 5] if way.end != "waiting" else 15
    quote = _begin(deal, sold, by, discount, sent.date())
    if way.end == "waiting":
        actions.submit_quote(quote, by=by)
    elif way.end != "draft":
        quote = _send_and_hear(number, quote, way, by)
    _set_back(quote, way, today)


def _end_of(number: int, sold: Sold) -> str:
    if sold.outcome == "won":
        return "revised" if number % 4 == 0 else "accepted"
    if sold.outcome == "lost":
        return "expired" if number % 3 == 0 else "refused"
    return ("sent", "draft", "waiting", "sent")[number % 4]


def _begin(deal: Deal, sold: Sold, by: User, discount: int, on: date) -> Quote:
    name = next(one[1] for one in (*WANTED, HAMPER) if one[0] == sold.title)
    product = products_called([name])[name]
    count = max(1, round(sold.amount / PRODUCTS[name]))
    lines = [Wanted(product, Decimal(count), discount=Decimal(discount))]
    columns = {"title": sold.title, "deal_id": deal.pk, "party_id": deal.party_id}
    return actions.add_quote(Draft(columns, lines), by=by, is_demo=True, on=on)


def _send_and_hear(number: int, quote: Quote, way: _Way, by: User) -> Quote:
    quote, _url = actions.send_quote(quote, by=by)
    if way.end == "revised":
        actions.refuse_quote(quote, Said("Compras", REFUSALS[number % 3]))
        _set_back(quote, way, way.sent.date())
        quote = actions.revise_quote(quote, by=by)
        quote, _url = actions.send_quote(quote, by=by)
    if way.end != "sent" or number % 2:
        actions.note_seen(quote)
    if way.end == "accepted" and number % 3 == 0:
        actions.comment_quote(quote, Said("Compras", "¿Los portes van incluidos?"))
    if way.end in ("accepted", "revised"):
        actions.accept_quote(quote, Said("Compras"))
        order = {"pedido_del_cliente": f"PC-{way.decided:%y}/{311 + 7 * number}"}
        actions.note_of_quotes([quote.pk], order, by=by)
    elif way.end == "refused":
        actions.refuse_quote(quote, Said("Compras", REFUSALS[number % 3]))
    return quote


def _set_back(quote: Quote, way: _Way, today: date) -> None:
    """Give a quote the days on which it was written, sent, seen and answered."""
    seen = way.sent + timedelta(hours=5)
    until = way.sent.date() + HOLDS
    if way.end in ("sent", "draft", "waiting"):
        until = max(until, today + timedelta(days=3 + quote.pk % 20))
    with connection.cursor() as cursor:
        cursor.execute(_SET_BACK, [way.sent, way.sent, seen, way.decided, until, way.decided,
                                   quote.pk])  # fmt: skip
        cursor.execute(_ANSWERED, [way.decided, quote.pk])
        cursor.execute(_TOLD, [way.sent, seen, way.decided, quote.pk])
    if way.end == "expired":
        actions.expire_quotes(today)
