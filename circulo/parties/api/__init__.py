"""What other programs may do with contacts, companies and relationships."""

from circulo.parties.api import parties, relationships

__all__ = ["parties", "relationships"]
