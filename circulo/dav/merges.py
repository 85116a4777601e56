"""What programs wrote on the card of a party follows it when it is merged."""

from circulo.parties.merge_types import hanging, register

register(hanging("dav_cardrest", "party_id", once_by=("user_id",)))
