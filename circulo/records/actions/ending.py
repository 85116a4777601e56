"""Telling whoever began an import that it has ended."""

from __future__ import annotations

from circulo.accounts.actions import Notice, notify
from circulo.records import notices
from circulo.records.models import Load


def tell_of_end(load: Load) -> None:
    """Tell whoever began a load that it has ended, once."""
    if load.by_id is None:
        return
    words = {"name": load.name, "state": load.state, "rows": str(load.rows_done),
             "refused": str(load.refused)}  # fmt: skip
    url, key = f"/imports/{load.public_id}", f"load:{load.pk}"
    notify([Notice(notices.IMPORTED, load.by_id, words, None, url, key)], by=None)
