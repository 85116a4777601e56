"""Every act on what all records have."""

from circulo.records.actions.attachments import attach, detach

__all__ = ["attach", "detach"]
