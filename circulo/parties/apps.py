from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Círculo's parties."""

    name = "circulo.parties"
    label = "parties"
