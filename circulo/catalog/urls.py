"""The addresses of this app."""

from django.urls import path

from circulo.catalog.views import changes, parts, prices, products, taxes

app_name = "catalog"
urlpatterns = [
    path("products/new", products.new, name="new_product"),
    path("products/price", prices.basket, name="basket"),
    path("products/names", products.names, name="names"),
    path("products/<slug:identifier>", products.show, name="product"),
    path("products/<slug:identifier>/retire", products.retire, name="retire"),
    path("products/<slug:identifier>/restore", products.restore, name="restore"),
    path("products/<slug:identifier>/edit", products.edit, name="edit_product"),
    path("products/<slug:identifier>/changes", changes.changes, name="changes"),
    path(
        "products/<slug:identifier>/changes/<slug:line>/put-back",
        changes.put_back,
        name="put_back",
    ),
    path("products/<slug:identifier>/knowledge", parts.knowledge, name="knowledge"),
    path("products/<slug:identifier>/prices", parts.prices, name="prices_of"),
    path("settings/prices", prices.prices, name="prices"),
    path("settings/prices/lists/new", prices.new_list, name="new_list"),
    path("settings/prices/lists/<slug:identifier>", prices.edit_list, name="edit_list"),
    path("settings/prices/rules/new", prices.new_rule, name="new_rule"),
    path("settings/prices/rules/<slug:identifier>", prices.edit_rule, name="edit_rule"),
    path("settings/prices/coupons/<slug:identifier>", prices.edit_coupon, name="edit_coupon"),
    path("settings/taxes", taxes.taxes, name="taxes"),
]
