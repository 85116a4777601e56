from importlib import import_module

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Círculo's parties."""

    name = "circulo.parties"
    label = "parties"

    def ready(self) -> None:
        import_module("circulo.parties.following")
