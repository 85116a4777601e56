"""Who may follow a quote live."""

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.quotes.models import Quote
from circulo.web import live


def _may_follow(user: User, identifier: str) -> bool:
    key = ids.decode("quote", identifier) or 0
    return Quote.objects.visible_to(user).filter(pk=key).exists()


live.register("quote", _may_follow)
