from django.apps import AppConfig


class WebConfig(AppConfig):
    """Círculo's web."""

    name = "circulo.web"
    label = "web"
