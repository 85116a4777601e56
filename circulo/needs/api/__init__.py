"""Needs over the API: what is asked, what is known, and interviews held by other programs."""

from circulo.needs.api import interviews, preferences, sittings, topics

__all__ = ["interviews", "preferences", "sittings", "topics"]
