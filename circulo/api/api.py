"""The operation that belongs to no other app: the document of all of them."""

from circulo.api import openapi

__all__ = ["openapi"]
