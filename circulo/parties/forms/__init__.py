"""What somebody fills in about parties."""

from circulo.parties.forms.relationship import RelationshipForm

__all__ = ["RelationshipForm"]
