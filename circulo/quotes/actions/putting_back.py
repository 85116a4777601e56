"""Values of a draft put back: read and priced as its form does."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib import ids
from circulo.lib.errors import RuleBroken
from circulo.quotes import drafts
from circulo.quotes.actions.drafting import change_quote, give_quotes
from circulo.quotes.models import Quote

_LINKS = {"party_id": "party", "contact_id": "party", "deal_id": "deal"}
_PLAIN = {*drafts.FIELDS} - {"party", "contact", "deal", "owner", "lines", "custom"}


@transaction.atomic
def put_quote_back(quote: Quote, values: dict[str, Any], *, by: User) -> None:
    """Give columns of a quote the values that they had, as if somebody said so now: what it comes
    to follows from its terms and its lines, at the prices of today.
    """
    said = {name: value for name, value in values.items() if name in _PLAIN}
    for column, kind in _LINKS.items():
        if column in values:
            value = values[column]
            said[column.removesuffix("_id")] = ids.encode(kind, value) if value else None
    if "owner_id" in values:
        give_quotes([quote.pk], _owner(values["owner_id"], by), by=by)
    elif said or "custom" in values:
        draft = drafts.read(said, by=by, quote=quote)
        if "custom" in values:
            draft.columns["custom"] = dict.fromkeys(quote.custom) | values["custom"]
        change_quote(quote, draft, by=by)
    else:
        raise RuleBroken(_("This follows from something else: it is not put back by itself."))


def _owner(key: int, by: User) -> User:
    """Whose it was, where it can be given to them."""
    owner = User.objects.select_related("team").filter(pk=key, is_active=True).first()
    if owner is None or not by.may_give("quotes", owner):
        raise RuleBroken(_("There is no such person whom you could give this to."))
    return owner
