"""Deals, pipelines and reasons over the API."""

from circulo.sales.api import deals, pipelines

__all__ = ["deals", "pipelines"]
