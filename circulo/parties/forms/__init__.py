"""What somebody fills in about parties."""

from circulo.parties.forms.party import ABOUT, WHO, PartyForm
from circulo.parties.forms.relationship import RelationshipForm

__all__ = ["ABOUT", "WHO", "PartyForm", "RelationshipForm"]
