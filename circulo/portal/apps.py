from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Círculo's portal."""

    name = "circulo.portal"
    label = "portal"
