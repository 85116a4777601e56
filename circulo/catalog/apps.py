from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What the firm sells: products with what one should know of them, prices, taxes."""

    name = "circulo.catalog"
    label = "catalog"
