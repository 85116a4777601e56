"""The deals of a party are those of the one it is merged into, who has one part in each."""

from circulo.parties.merge_types import hanging, register

register(
    hanging("sales_deal", "party_id"),
    hanging("sales_dealperson", "party_id", once_by=("deal_id",)),
)
