from importlib import import_module

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Círculo's deals and the pipelines that they go through."""

    name = "circulo.sales"
    label = "sales"

    def ready(self) -> None:
        import_module("circulo.sales.following")
