from django.apps import AppConfig


class DavConfig(AppConfig):
    """Círculo's calendars and address books for other programs."""

    name = "circulo.dav"
    label = "dav"
