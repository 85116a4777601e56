from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Círculo's knowledge of what its customers want."""

    name = "circulo.needs"
    label = "needs"
