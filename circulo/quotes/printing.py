"""A quote on paper: what the sheet is given, and the PDF of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import segno
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from circulo.accounts.selectors import firm as the_firm
from circulo.catalog.drawing_lines import DrawnGoods, draw_lines, told_once
from circulo.catalog.words import tax_in_words
from circulo.documents import paper
from circulo.documents.press import Files, print_pdf
from circulo.lib import format as fmt
from circulo.lib import taxids as tax_ids
from circulo.quotes.models import Quote
from circulo.quotes.selectors.approvals import rules_met
from circulo.quotes.selectors.paper import paper as quote_paper
from circulo.quotes.speaking import speaking

Status = Quote.Status


def print_quote(quote: Quote, link: str = "", *, tells_tax_id: bool = True) -> bytes:
    """A quote as a PDF in the language of its customer; with the address of its page on line,
    where it has one. Before it is sent it is marked as a draft and nobody can sign it.
    """
    with speaking(quote.language):
        return print_pdf("quote", *sheet_of(quote, link, tells_tax_id=tells_tax_id))


def sheet_of(
    quote: Quote, link: str = "", *, tells_tax_id: bool = True
) -> tuple[dict[str, Any], Files]:
    """What the sheet of a quote is given, in the language that is spoken now."""
    data, files = paper.frame(_("Quote %s") % quote.called, quote.language)
    data["firm"]["lines"] = [*data["firm"]["lines"], *paper.tax_id_of_the_firm()]
    is_final = bool(link or quote.sent_at)
    lines = list(quote.lines.order_by("position", "pk"))
    names = {line.product_id or 0: ("", "") for line in lines}
    drawn = draw_lines(lines, quote.currency, names)
    told = {
        "colour": quote_paper().colour,
        "about": quote.title,
        "number": quote.called,
        "facts": _facts(quote),
        "to": _to(quote, tells_tax_id=tells_tax_id),
        "introduction": _paragraphs(quote.introduction),
        "has_discounts": any(one.discount for one in drawn),
        "lines": [
            {"name": line.name, "code": line.code, "more": line.description,
             "rules": rules_in_words(one),
             "quantity": f"{one.quantity} {one.unit}".strip(), "price": one.unit_price,
             "discount": f"−{one.discount}" if one.discount else "", "tax": one.tax,
             "listed": one.listed if one.is_reduced else "", "amount": one.amount}
            for line, one in zip(lines, drawn, strict=True)
        ],
        "totals": totals_in_words(quote),
        "total": fmt.money(quote.total, quote.currency),
        "terms": _paragraphs(quote.terms),
        "mark": "" if is_final else pgettext("quote", "Draft").upper(),
        "mark_note": "" if is_final else _mark_note(quote),
        "link": link,
        "code": _code(link),
        "labels": _labels(),
    }  # fmt: skip
    return data | told, files


def rules_in_words(line: DrawnGoods) -> list[str]:
    """The price rules by which a line costs the customer less."""
    return [_("Discount %(rule)s: %(amount)s") % {"rule": one.name, "amount": one.amount}
            for one in line.rules]  # fmt: skip


def totals_in_words(quote: Quote) -> list[tuple[str, str, str]]:
    """What leads to the total: labels, of which sum, and how much."""
    currency = quote.currency
    rows = [(_("Without tax"), "", fmt.money(quote.net, currency))]
    rows += told_once(
        [(tax_in_words(one["tax"], Decimal(one["rate"]), one["tax_class"]), Decimal(one["base"]),
          Decimal(one["amount"])) for one in quote.taxes],
        currency,
    )  # fmt: skip
    if quote.withheld:
        rows.append((_("Withheld"), "", "−" + fmt.money(quote.withheld, currency)))
    return rows


def _to(quote: Quote, *, tells_tax_id: bool) -> list[str]:
    """To whom it goes, and their tax id where the addressee does not say it already."""
    lines = [line for line in quote.addressee.splitlines() if line.strip()]
    party = quote.party
    if not tells_tax_id or party is None or not party.tax_id:
        return lines
    country = party.tax_country or the_firm().country
    told = paper.tax_id_in_words(country, party.tax_id)
    is_said = party.tax_id in tax_ids.bare(quote.addressee)
    return lines if is_said else [*lines, told]


def _facts(quote: Quote) -> list[tuple[str, str]]:
    made = quote.sent_at.date() if quote.sent_at else fmt.current().today()
    facts = [
        (_("Quote"), quote.called),
        (_("Date"), fmt.day(made, "medium")),
        (_("Valid until"), fmt.day(quote.valid_until, "medium")),
    ]
    if quote.contact:
        facts.append((_("For the attention of"), quote.contact.name))
    return [*facts, (_("Your contact"), f"{quote.owner.name}\n{quote.owner.email}")]


def _mark_note(quote: Quote) -> str:
    """What it lacks to be an offer."""
    if quote.status in (Status.DRAFT, Status.WAITING) and rules_met(quote):
        return _("Pending approval: this is no offer yet.")
    return _("It was not sent: this is no offer yet.")


def _labels() -> dict[str, str]:
    return {
        "what": _("What"), "quantity": _("Quantity"), "price": _("Price"),
        "discount": _("Discount"), "tax": _("Tax"), "amount": _("Amount"), "on": _("on"),
        "total": _("Total"), "terms": _("Terms"), "sign": _("Accepted"),
        "sign_name": _("Name, date, signature"),
        "on_line": _("See it, ask or accept it on line:"),
        "code": _("Code that opens the page on line"),
    }  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _code(link: str) -> list[str]:
    """The squares of the code that opens an address, row by row: 1 is dark."""
    if not link:
        return []
    return ["".join(map(str, row)) for row in segno.make_qr(link, error="m").matrix]
