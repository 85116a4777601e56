"""Files belong to products: seen with the product, changed with it."""

from circulo.catalog.models import Product
from circulo.records.parents import Parent, register

register(
    Parent(
        "product",
        Product.objects.visible_to,
        lambda product: product.get_absolute_url(),
        has_versions=True,
    )
)
