"""The operations of this app."""

from circulo.forecasts.api import figures, forecasts, quotas

__all__ = ["figures", "forecasts", "quotas"]
