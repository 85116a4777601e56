from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Círculo's desk."""

    name = "circulo.desk"
    label = "desk"
