"""Deals, pipelines and reasons over the API."""

from circulo.sales.api import acts, deals, pipelines

__all__ = ["acts", "deals", "pipelines"]
