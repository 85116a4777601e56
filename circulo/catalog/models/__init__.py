"""The tables of the catalogue."""

from circulo.catalog.models.lines import PRICED_TOGETHER, PricedGoods
from circulo.catalog.models.prices import Coupon, Price, PriceList, PriceRule
from circulo.catalog.models.products import (
    BundleItem,
    Product,
    ProductNote,
    ProductQuerySet,
    ProductTie,
    TaxClass,
)
from circulo.catalog.models.taxes import ExchangeRate, TaxRate, Withholding

__all__ = [
    "PRICED_TOGETHER",
    "BundleItem",
    "Coupon",
    "ExchangeRate",
    "Price",
    "PriceList",
    "PriceRule",
    "PricedGoods",
    "Product",
    "ProductNote",
    "ProductQuerySet",
    "ProductTie",
    "TaxClass",
    "TaxRate",
    "Withholding",
]
