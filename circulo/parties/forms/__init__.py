"""What somebody fills in about parties."""

from circulo.parties.forms.merging import MergeRuleForm
from circulo.parties.forms.party import ABOUT, WHO, PartyForm
from circulo.parties.forms.relationship import RelationshipForm

__all__ = ["ABOUT", "MergeRuleForm", "PartyForm", "RelationshipForm", "WHO"]
