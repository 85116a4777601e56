from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    """Círculo's quotas and forecasts, how wrong they were, and the figures of sales."""

    name = "circulo.forecasts"
    label = "forecasts"
