"""The documents of quotes: seen with them, and changed by nobody."""

from typing import TYPE_CHECKING

from circulo.quotes.models import Quote, QuoteQuerySet
from circulo.records.parents import Parent, register

if TYPE_CHECKING:
    from circulo.accounts.models import User


def _reachable(user: "User", act: str) -> QuoteQuerySet:
    return Quote.objects.visible_to(user) if act == "view" else Quote.objects.none()


register(Parent("quote", _reachable, lambda quote: quote.get_absolute_url(), has_versions=True))
