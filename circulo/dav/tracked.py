"""What the ledger keeps of cards: what a program wrote that a party has no place for."""

from django.utils.translation import gettext_lazy as _

from circulo.dav.models import CardRest
from circulo.records.tracking import Tracked, track

track(
    Tracked(
        CardRest,
        "card_rest",
        _("Rest of a card"),
        root="party_id",
        root_kind="party",
        is_in_history=False,
    )
)
