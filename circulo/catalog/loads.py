"""Products, as they are brought in from files and handed out again."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circulo.catalog.dumps import HOLDS, dump_products
from circulo.catalog.loading import ProductImporter
from circulo.records.load_types import LoadField, LoadType, register
from circulo.records.own.cells import load_fields


def _f(name: str, label: str | Promise, headings: str, part_of: str = "") -> LoadField:
    known = tuple(heading.strip() for heading in headings.split("|"))
    return LoadField(name, label, known, part_of=part_of)


FIELDS = (
    _f("id", _("Identifier"), "identificador"),
    _f("code", _("Code"), "código | codigo | referencia | ref | sku | product code | item code |"
       " internal reference | referencia interna | default_code | artículo"),
    _f("name", _("Name"), "nombre | producto | product | product name | nombre del producto |"
       " denominación | item | título | title"),
    _f("name_es", _("Name in Spanish"), "nombre en español | name es | spanish name"),
    _f("name_en", _("Name in English"), "nombre en inglés | name en | english name"),
    _f("family", _("Family"), "familia | categoría | category | product category | series |"
       " serie | gama | línea | product line | product family"),
    _f("kind", _("Kind"), "tipo | type | product type | clase"),
    _f("unit", _("Unit"), "unidad | unidad de medida | uom | unit of measure"),
    _f("description", _("Description"), "descripción | descripcion | detalle | sales description"),
    _f("tax_class", _("Tax class"), "clase de impuesto | impuesto | iva | tax | tipo de iva"),
    _f("price", _("Price"), "precio | precio de venta | pvp | tarifa | sales price | sales_price |"
       " list price | unit price | precio unitario"),
    _f("cost", _("Cost"), "coste | costo | precio de coste | precio de compra | cost price |"
       " standard price | purchase price", "cost"),
    _f("is_active", _("Sold"), "activo | active | a la venta | en venta"),
)  # fmt: skip

register(
    LoadType(
        "products",
        _("Products"),
        "products",
        FIELDS,
        ("id", "code", "name"),
        ProductImporter,
        dumped=dump_products,
        holds=HOLDS,
        own=partial(load_fields, "products"),
    )
)
