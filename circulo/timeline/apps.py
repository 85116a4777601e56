from django.apps import AppConfig


class TimelineConfig(AppConfig):
    """Círculo's timeline."""

    name = "circulo.timeline"
    label = "timeline"
