from importlib import import_module

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Círculo's leads: what came in, until it is a contact and a deal, or nothing."""

    name = "circulo.leads"
    label = "leads"

    def ready(self) -> None:
        import_module("circulo.leads.following")
