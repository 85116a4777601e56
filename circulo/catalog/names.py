"""When two names mean the same product: spaces, capitals and accents make no difference."""

from circulo.lib.names import plain


def same_product(name: str) -> str:
    """What the name of a product is compared by: "GTXPro" and "GTX Pro" give the same.

    Equal to `name_key`, the column that products are found by.
    """
    return "".join(plain(name).split())
