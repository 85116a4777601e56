"""What the page of a quote shows, each part within what a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from circulo.catalog.drawing_lines import Totals
from circulo.catalog.forms.lines import LinesForm
from circulo.channels.email.selectors import mails_about
from circulo.lib import format as fmt
from circulo.parties.selectors import party_seen
from circulo.quotes.actions.answering import gave_coupon
from circulo.quotes.drawing import TONES, money_of
from circulo.quotes.forms import DecisionForm
from circulo.quotes.keys import link_of
from circulo.quotes.models import Quote
from circulo.quotes.printing import totals_in_words
from circulo.quotes.seen import sees_margin
from circulo.quotes.selectors import quotes as parts
from circulo.quotes.selectors.approvals import may_decide, rules_met
from circulo.quotes.selectors.quotes import may_do
from circulo.records.own.definitions import defined
from circulo.records.own.shown import own_told

if TYPE_CHECKING:
    from circulo.accounts.models import User

Status = Quote.Status


def page_of(user: User, quote: Quote, lines_form: LinesForm | None = None) -> dict[str, Any]:
    """All that the page of a quote needs."""
    goods = parts.goods_of(user, quote)
    may_edit = may_do(user, quote, "edit")
    revisions = parts.revisions_of(user, quote)
    address = link_of(quote) if may_edit else ""
    return {
        "quote": quote,
        "tone": TONES[quote.status],
        "total": money_of(quote),
        "party": party_seen(user, quote.party_id),
        "contact": party_seen(user, quote.contact_id),
        "deal": parts.deal_seen(user, quote),
        "goods": goods.drawn,
        "totals": _totals(quote),
        "lines_form": lines_form or LinesForm(goods.kept, goods.names),
        "may_edit_lines": quote.is_draft and may_edit and user.may("products", "view"),
        "facts": _facts(user, quote),
        "has_newer": any(
            one.revision > quote.revision and one.status != Status.WITHDRAWN for one in revisions
        ),
        "revisions": [(one, TONES[one.status]) for one in revisions],
        "approvals": parts.approvals_of(quote),
        "answers": parts.answers_of(quote),
        "told": parts.told_of(user, quote),
        "mails": mails_about(user, "quote", quote.pk),
        "may_edit": may_edit,
        "may_withdraw": may_do(user, quote, "delete"),
        "may_decide": may_decide(user, quote),
        "decision_form": DecisionForm(),
        "rules_ahead": rules_met(quote) if quote.is_draft and may_edit else [],
        "link": address if quote.status == Status.SENT else "",
        "customer_page": urlsplit(address).path,
        "is_noted": bool(quote.sent_at and defined("quotes").visible_to(user, "quotes")),
        **_acts(quote),
    }


def _acts(quote: Quote) -> dict[str, bool]:
    """What can be done with a quote in this status."""
    status = quote.status
    return {
        "is_changeable": status == Status.DRAFT,
        "is_sendable": status in (Status.DRAFT, Status.APPROVED),
        "is_back": status in (Status.WAITING, Status.APPROVED),
        "is_answerable": status == Status.SENT,
        "is_revisable": status in (Status.SENT, Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN),
        "is_open": status in (Status.DRAFT, Status.WAITING, Status.APPROVED, Status.SENT),
    }


def _totals(quote: Quote) -> Totals:
    rows = totals_in_words(quote)
    return Totals(rows[0][2], [(label, base, sum_) for label, base, sum_ in rows[1:]],
                  money_of(quote))  # fmt: skip


def _coupon(quote: Quote) -> str:
    """The coupon, and whether it does anything here."""
    if not quote.coupon or gave_coupon(quote):
        return quote.coupon
    return _("%s: changes no price of this quote") % quote.coupon


def _facts(user: User, quote: Quote) -> list[tuple[str, str]]:
    found = [
        (_("Valid until"), fmt.day(quote.valid_until, "medium")),
        (_("Language"), str(quote.get_language_display())),
        (_("Discount"), fmt.percent(quote.discount / 100) if quote.discount else ""),
        (_("Coupon"), _coupon(quote)),
        (_("Sent"), fmt.moment(quote.sent_at) if quote.sent_at else ""),
        (_("Opened by the customer"), fmt.moment(quote.seen_at) if quote.seen_at else ""),
        (_("Decided"), fmt.moment(quote.decided_at) if quote.decided_at else ""),
    ]
    if sees_margin(user) and quote.margin is not None and quote.margin_rate is not None:
        margin = fmt.money(quote.margin, quote.currency)
        found.append((_("Margin"), f"{margin} ({fmt.percent(quote.margin_rate / 100)})"))
    return [(label, text) for label, text in found if text] + own_told(user, "quotes", quote)
