"""Every act on what all records have."""

from circulo.records.actions.attachments import (
    add_version,
    attach,
    detach,
    rename,
    restore_version,
)

__all__ = ["add_version", "attach", "detach", "rename", "restore_version"]
