"""Handing out: a list is written to a file in the background, with the rights of who asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later
from circulo.lib.readers import writers
from circulo.records import criteria
from circulo.records.load_types import dumps
from circulo.records.models import Export
from circulo.records.own.tables import holds_of
from circulo.records.resources import resource
from circulo.records.stored import media

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_AT_ONCE = 3
KEPT = timedelta(days=7)


@transaction.atomic
def begin_export(type_name: str, *, by: User, format: str, criterion: Any = None) -> Export:
    """Have a list written to a file in the background."""
    _refuse_unknown(type_name, format)
    if not by.may(resource(type_name).kind, "export"):
        raise RuleBroken(_("Your role may not hand out records of this kind."), code="denied")
    try:
        criteria.compile_for(resource(type_name), criterion or {"all": []}, by)
    except criteria.BadCriteria as bad:
        raise Invalid({"filter": str(bad)}) from bad
    if Export.objects.filter(by=by).unfinished().count() >= MOST_AT_ONCE:
        raise RuleBroken(_("At most %d exports run at a time: wait for one.") % MOST_AT_ONCE)
    path = f"exports/{uuid4().hex}.{format}"
    export = Export.objects.create(
        type=type_name, format=format, criterion=criterion, by=by, path=path
    )
    later("records.run_export", export=export.pk)
    return export


def run_export(export: Export) -> Export:
    """Write the file; begun again, it is written anew."""
    by, kind = export.by, resource(export.type)
    if not by.is_active or not by.may(kind.kind, "export"):
        raise RuleBroken(_("Your role may not hand out records of this kind."), code="denied")
    dump = dumps()[export.type]
    place = media(export.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    headings, rows = dump.made(by, export.criterion or {})
    kinds = {**dump.holds, **holds_of(export.type)}
    export.rows = writers.write(place, headings, rows, kinds=kinds)
    export.size = place.stat().st_size
    export.state, export.finished_at = Export.State.DONE, timezone.now()
    export.save(update_fields=["rows", "size", "state", "finished_at"])
    return export


def fail_export(export: Export, reason: str) -> None:
    """Note why there is no file."""
    media(export.path).unlink(missing_ok=True)
    Export.objects.filter(pk=export.pk).update(
        state=Export.State.FAILED, error=reason, finished_at=timezone.now()
    )


def drop_export(export: Export) -> None:
    """Forget an export, and its file."""
    export.delete()
    media(export.path).unlink(missing_ok=True)


def forget_exports() -> None:
    """Forget the exports that nobody fetches any more."""
    for export in Export.objects.filter(created_at__lt=timezone.now() - KEPT):
        drop_export(export)


def _refuse_unknown(type_name: str, format: str) -> None:
    refused = {}
    if type_name not in dumps():
        refused["type"] = _("Choose one of: %s.") % ", ".join(sorted(dumps()))
    if format not in Export.Format.values:
        refused["format"] = _("Choose one of: %s.") % ", ".join(Export.Format.values)
    if refused:
        raise Invalid(dict(refused))
