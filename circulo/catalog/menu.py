"""Where the catalogue stands in the navigation, and what it lets one begin."""

from django.utils.translation import gettext_lazy as _

from circulo.web.menu import Entry

ENTRIES = [
    Entry(_("Products"), "desk:products", "package", order=40, group="sales",
          needs=("products", "view"), keys="g o"),
    Entry(_("Product"), "catalog:new_product", "package-plus", order=60, place="new",
          needs=("products", "create"), keys="p"),
]  # fmt: skip
