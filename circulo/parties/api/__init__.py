"""What other programs may do with contacts, companies and relationships."""

from circulo.parties.api import follows, history, parties, relationships

__all__ = ["follows", "history", "parties", "relationships"]
