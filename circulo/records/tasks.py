"""What a load is: its type, its stored file read as the load says, and how it is to be done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Firm
from circulo.lib.errors import Invalid
from circulo.records import sources
from circulo.records.load_types import LoadType, OnDuplicate, Task, load_types
from circulo.records.models import Load
from circulo.records.sources import Source
from circulo.records.stored import media


def type_of(name: str) -> LoadType:
    """The type of load of this name; Invalid where there is none."""
    try:
        return load_types()[name]
    except KeyError:
        known = ", ".join(load_types())
        raise Invalid({"type": _("This can be loaded: %s.") % known}) from None


def source_of(load: Load) -> Source:
    """The stored file of a load, read as the load says."""
    return sources.opened(media(load.path), load.shape, load.mapping)


def task_of(load: Load, *, rehearsal: bool = False) -> Task:
    """How the load is to be done."""
    table: dict[str, Any] = load.shape.get("table", {})
    firm = Firm.objects.first()
    return Task(
        by=load.by,
        key=load.options.get("key", ""),
        on_duplicate=OnDuplicate(load.options.get("on_duplicate", OnDuplicate.UPDATE)),
        country=firm.country if firm else "ES",
        decimal=table.get("decimal", "."),
        date_order=table.get("date_order", "DMY"),
        makes_missing=bool(load.options.get("makes_missing", True)),
        leaves_alike=bool(load.options.get("leaves_alike", False)),
        is_rehearsal=rehearsal,
    )
