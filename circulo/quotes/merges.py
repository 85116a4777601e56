"""The quotes of a party are those of the one it is merged into."""

from circulo.parties.merge_types import hanging, register

register(
    hanging("quotes_quote", "party_id"),
    hanging("quotes_quote", "contact_id"),
)
