from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Círculo's accounts."""

    name = "circulo.accounts"
    label = "accounts"
