from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Círculo's documents."""

    name = "circulo.documents"
    label = "documents"
