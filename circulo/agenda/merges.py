"""What is planned with a party is planned with the one it is merged into, who comes once."""

from circulo.parties.merge_types import hanging, register

register(
    hanging("agenda_entry", "party_id"),
    hanging("agenda_participant", "party_id", once_by=("entry_id",)),
)
