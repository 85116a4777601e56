"""The catalogue over the API."""

from circulo.catalog.api import prices, pricing, products, rules

__all__ = ["prices", "pricing", "products", "rules"]
