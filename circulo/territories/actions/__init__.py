"""Every act on territories."""

from circulo.territories.actions.territories import (
    add_territory,
    change_territory,
    follow_rules,
    mend_paths,
    order_territory,
    remove_territory,
)

__all__ = [
    "add_territory",
    "change_territory",
    "follow_rules",
    "mend_paths",
    "order_territory",
    "remove_territory",
]
