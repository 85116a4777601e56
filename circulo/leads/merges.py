"""The leads of a party are those of the one it is merged into."""

from circulo.parties.merge_types import hanging, register

register(
    hanging("leads_lead", "party_id"),
    hanging("leads_lead", "company_party_id"),
)
