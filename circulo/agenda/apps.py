from importlib import import_module

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Círculo's agenda."""

    name = "circulo.agenda"
    label = "agenda"

    def ready(self) -> None:
        import_module("circulo.agenda.following")
