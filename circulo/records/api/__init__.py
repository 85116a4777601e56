"""What other programs may do with what every record has, and with the people who work here."""

from circulo.records.api import (
    attachments,
    changes,
    exports,
    imports,
    notices,
    own_fields,
    people,
    saved_views,
)

__all__ = [
    "attachments",
    "changes",
    "exports",
    "imports",
    "notices",
    "own_fields",
    "people",
    "saved_views",
]
