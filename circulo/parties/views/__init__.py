"""The screens of people and organisations, but for their own page, which the desk puts together."""

from circulo.parties.views.acts import bin_party, readers, restore_party
from circulo.parties.views.relationships import end_relationship, relate

__all__ = [
    "bin_party",
    "end_relationship",
    "readers",
    "relate",
    "restore_party",
]
