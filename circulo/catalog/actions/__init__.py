"""What can be done with the catalogue."""

from circulo.catalog.actions.coupons import change_coupon, give_coupons_back, use_coupons
from circulo.catalog.actions.lists import (
    add_price_list,
    change_price_list,
    change_prices,
    default_list,
    retire_price_list,
    set_listed_price,
    set_prices,
)
from circulo.catalog.actions.products import (
    add_product,
    add_products,
    change_product,
    change_products,
    edit_products,
    restore_products,
    retire_products,
)
from circulo.catalog.actions.rules import add_price_rule, change_price_rule
from circulo.catalog.actions.taxes import add_tax_rate, add_withholding, set_exchange_rates

__all__ = [
    "add_price_list",
    "add_price_rule",
    "add_product",
    "add_products",
    "add_tax_rate",
    "add_withholding",
    "change_coupon",
    "change_price_list",
    "change_price_rule",
    "change_prices",
    "change_product",
    "change_products",
    "default_list",
    "edit_products",
    "restore_products",
    "retire_price_list",
    "retire_products",
    "set_exchange_rates",
    "set_listed_price",
    "set_prices",
    "give_coupons_back",
    "use_coupons",
]
