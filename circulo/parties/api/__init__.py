"""What other programs may do with contacts, companies and relationships."""

from circulo.parties.api import history, parties, relationships

__all__ = ["history", "parties", "relationships"]
