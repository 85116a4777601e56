"""Leads, their reasons and public forms over the API."""

from circulo.leads.api import forms, leads

__all__ = ["forms", "leads"]
