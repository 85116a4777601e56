"""What quotes add to the page of a deal: its quotes, and the act that begins one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circulo.quotes.drawing import TONES, money_of
from circulo.quotes.selectors.quotes import quotes_of
from circulo.sales.models import Deal
from circulo.sales.parts import Part, register, register_story
from circulo.sales.selectors.deals import may_do

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _quotes(user: User, deal: Deal) -> dict[str, Any] | None:
    if not user.may("quotes", "view"):
        return None
    rows = [(one, TONES[one.status], money_of(one)) for one in quotes_of(user, deal)]
    may_begin = deal.is_open and user.may("quotes", "create") and may_do(user, deal, "edit")
    return {"quotes": rows, "may_begin": may_begin}


register(Part("quotes", _quotes, "quotes/_of_deal.html"))
register_story("quote", lambda deal: list(deal.quotes.values_list("pk", flat=True)))
