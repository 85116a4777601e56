from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Círculo's records."""

    name = "circulo.records"
    label = "records"
