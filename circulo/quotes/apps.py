from importlib import import_module

from django.apps import AppConfig


class QuotesConfig(AppConfig):
    """Círculo's quotes, and the rules by which they are approved."""

    name = "circulo.quotes"
    label = "quotes"

    def ready(self) -> None:
        import_module("circulo.quotes.following")
