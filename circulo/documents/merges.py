"""The letters to a party are letters to the one it is merged into."""

from circulo.parties.merge_types import hanging, register

register(hanging("documents_letter", "party_id"))
