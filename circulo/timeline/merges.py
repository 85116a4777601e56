"""What happened with a party happened with the one it is merged into."""

from circulo.parties.merge_types import hanging, register

register(
    hanging("timeline_interaction", "party_id"),
    hanging("timeline_interaction", "about_id", where="about_kind = 'party'"),
)
