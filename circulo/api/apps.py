from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Círculo's api."""

    name = "circulo.api"
    label = "api"
