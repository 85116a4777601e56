from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Círculo's accounts."""

    name = "circulo.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("circulo.accounts.following")
