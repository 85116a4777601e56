"""A price that was agreed with a party holds for the one it is merged into."""

from circulo.parties.merge_types import hanging, register

register(hanging("catalog_pricerule", "party_id"))
