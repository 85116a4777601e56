"""Files belong to parties: seen with the party, changed with it."""

from circulo.parties.models import Party
from circulo.records.parents import Parent, register

register(
    Parent(
        "party",
        Party.objects.visible_to,
        lambda party: party.get_absolute_url(),
        has_versions=True,
    )
)
