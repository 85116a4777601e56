"""The operations of this app."""

from circulo.quotes.api import acts, quotes

__all__ = ["acts", "quotes"]
