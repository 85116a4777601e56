"""What the screens of a load ask for: its table read again, its rows checked and brought in later.

The state and the job are written together.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.lib.errors import RuleBroken
from circulo.lib.later import later
from circulo.lib.readers import tables
from circulo.lib.readers.shapes import TableShape
from circulo.records.actions import loads
from circulo.records.actions.running import refuse_unmapped
from circulo.records.models import Load
from circulo.records.remembered import guessed
from circulo.records.stored import media


@transaction.atomic
def ask_check(load: Load) -> Load:
    """Have every row checked; asked twice, it is checked once."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state == Load.State.CHECKING:
        return load
    if load.state not in (Load.State.NEW, Load.State.READY):
        raise RuleBroken(_("This load has begun: it cannot be checked any more."))
    refuse_unmapped(load)
    _begin(load, Load.State.CHECKING)
    later("records.check_load", load=load.pk)
    return load


@transaction.atomic
def ask_run(load: Load, *, leaves_alike: bool = False) -> Load:
    """Have the rows brought in as they were checked; asked twice, they are brought in once.

    With `leaves_alike` new rows are refused where somebody here may be the same.
    """
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state == Load.State.RUNNING:
        return load
    if load.state != Load.State.READY:
        raise RuleBroken(_("Have the rows checked first."))
    load.options |= {"leaves_alike": leaves_alike}
    load.save(update_fields=["options"])
    return loads.send_load(load)


@transaction.atomic
def stop_check(load: Load) -> Load:
    """Give up a check that is under way, so that the columns can be changed."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state == Load.State.CHECKING:
        _begin(load, Load.State.NEW)
    return load


@transaction.atomic
def reread_table(load: Load, **said: Any) -> Load:
    """Read the table as a person says it is written: encoding, separator, sheet, header, signs."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if "table" not in load.shape:
        raise RuleBroken(_("This file is no table: it has no row of headings."))
    before = TableShape.from_json(load.shape["table"])
    shape = tables.reread(media(load.path), before, **said)
    load = loads.map_columns(load, table=shape.as_json())
    if shape.headings != before.headings:
        load.mapping = guessed(load)
        load.save(update_fields=["mapping"])
    return load


def _begin(load: Load, state: Load.State) -> None:
    """Begin anew."""
    load.refusals.all().delete()
    load.created = load.updated = load.skipped = load.refused = load.rows_done = 0
    load.state, load.started_at, load.error = state, timezone.now(), ""
    load.save()
