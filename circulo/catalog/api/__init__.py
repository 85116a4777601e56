"""The catalogue over the API."""

from circulo.catalog.api import coupons, prices, pricing, products, rates, rules

__all__ = ["coupons", "prices", "pricing", "products", "rates", "rules"]
