from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """Círculo's territories: how the market is divided among the people who work here."""

    name = "circulo.territories"
    label = "territories"
