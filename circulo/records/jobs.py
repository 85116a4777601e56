"""What runs in the background, a slice at a time: a death of the worker costs a slice."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from circulo.lib.errors import RuleBroken
from circulo.lib.later import later
from circulo.records import background
from circulo.records.actions import exporting, forgetting, loads, once, running, tending, undoing
from circulo.records.models import Export, Load, OwnField
from circulo.records.own import definitions

SLICE = 5.0
_DATABASE_IS_AWAY = (OperationalError, InterfaceError)
_AGAIN = RetryStrategy(max_attempts=50, wait=2, retry_exceptions=set(_DATABASE_IS_AWAY))


@app.task(name="records.run_load", retry=_AGAIN)
def run_load(load: int) -> None:
    """Bring in a slice of a load, and have the rest done by another job."""
    close_old_connections()
    found = Load.objects.select_related("by").get(pk=load)
    if found.is_over:
        return
    _with_language_of(
        found, lambda load: running.run_load(load, is_enough=_enough()), loads.fail_load
    )
    if Load.objects.filter(pk=load, state=Load.State.RUNNING).exists():
        later("records.run_load", load=load)


@app.task(name="records.check_load", retry=_AGAIN)
def check_load(load: int) -> None:
    """Check every row of a load."""
    found = Load.objects.select_related("by").get(pk=load)
    if found.state in (Load.State.NEW, Load.State.CHECKING):
        _with_language_of(found, running.check_load, loads.fail_check)


@app.periodic(cron="* * * * *")
@app.task(name="records.revive_loads")
def revive_loads(timestamp: int) -> None:
    """Take up the loads in the background whose job is gone; a check is begun anew by hand."""
    for load in Load.objects.unfinished().filter(options__in_background=True):
        if not _has_job(load):
            loads.revive_load(load)
    for load in Load.objects.filter(state=Load.State.CHECKING, by__isnull=False):
        if not _has_job(load, "records.check_load"):
            loads.fail_check(load, _("The check was interrupted. Begin it again."))


@app.periodic(cron="41 3 * * *")
@app.task(name="records.forget_loads")
def forget_loads(timestamp: int) -> None:
    """Forget files that were brought a week ago and never loaded."""
    old = timezone.now() - timedelta(days=7)
    for load in Load.objects.filter(state__in=("new", "ready"), created_at__lt=old):
        loads.discard_load(load)


@app.task(name="records.run_export", retry=_AGAIN)
def run_export(export: int) -> None:
    """Write the file of an export, unless that was done."""
    found = Export.objects.unfinished().select_related("by__role", "by__team").filter(pk=export)
    for one in found:
        with translation.override(one.by.language):
            try:
                exporting.run_export(one)
            except RuleBroken as refused:
                exporting.fail_export(one, str(refused.message))
            except _DATABASE_IS_AWAY:
                raise
            except Exception:
                exporting.fail_export(one, _("The file could not be written."))
                raise


@app.periodic(cron="* * * * *")
@app.task(name="records.revive_exports")
def revive_exports(timestamp: int) -> None:
    """Take up the exports whose job is gone."""
    for export in Export.objects.unfinished():
        if not is_queued("records.run_export", "export", export.pk):
            later("records.run_export", export=export.pk)


@app.periodic(cron="43 3 * * *")
@app.task(name="records.forget_exports")
def forget_exports(timestamp: int) -> None:
    """Forget the exports that nobody fetches any more."""
    exporting.forget_exports()


@app.periodic(cron="47 3 * * *")
@app.task(name="records.forget_forms")
def forget_forms(timestamp: int) -> None:
    """Forget the keys of forms that nobody sends again."""
    once.forget_forms()


@app.task(name="records.undo_changes", retry=background.AGAIN)
def undo_changes(change_set: int) -> None:
    """Undo a slice of a change set, and have the rest done by another job."""
    background.run_slice(
        change_set, lambda undo, is_enough: undoing.run_undo(undo, is_enough=is_enough)
    )


@app.periodic(cron="* * * * *")
@app.task(name="records.revive_changes")
def revive_changes(timestamp: int) -> None:
    """Take up the change sets at work whose job is gone."""
    background.revive()


@app.periodic(cron="53 3 * * *")
@app.task(name="records.forget_history")
def forget_history(timestamp: int) -> None:
    """Forget changes older than the house wishes to keep, and files deleted a month ago."""
    forgetting.forget_changes()
    forgetting.forget_files()


@app.task(name="records.tend_field", retry=_AGAIN)
def tend_field(field: int) -> None:
    """Do a slice of what an own field needs of its records, and have the rest done by another."""
    close_old_connections()
    definitions.forget()
    one = OwnField.objects.filter(pk=field).first()
    if one is None:
        return
    with tending.alone(one) as is_alone:
        if is_alone and not _tended(one):
            later("records.tend_field", field=field)


def _tended(one: OwnField) -> bool:
    """Whether it is done; what goes wrong is kept with the field, and tried again by the clock."""
    try:
        return tending.tend_field(one, is_enough=_enough())
    except _DATABASE_IS_AWAY:
        raise
    except Exception as wrong:
        tending.note_trouble(one, str(wrong))
        raise


@app.periodic(cron="*/5 * * * *")
@app.task(name="records.revive_fields")
def revive_fields(timestamp: int) -> None:
    """Take up the own fields that still need something and whose job is gone."""
    for field in OwnField.objects.exclude(pending=[]).values_list("pk", flat=True):
        if not is_queued("records.tend_field", "field", field):
            later("records.tend_field", field=field)


def _has_job(load: Load, name: str = "records.run_load") -> bool:
    return is_queued(name, "load", load.pk)


def is_queued(name: str, argument: str, key: int) -> bool:
    """Whether a job waits or is at work for this key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs WHERE task_name = %s"
            " AND status IN ('todo', 'doing') AND (args->>%s)::bigint = %s",
            [name, argument, key],
        )
        return cursor.fetchone() is not None


def _enough() -> Callable[[], bool]:
    """True once a slice is long enough: some seconds, more where reaching its rows took long."""
    start, first = time.monotonic(), [0.0]

    def is_enough() -> bool:
        passed = time.monotonic() - start
        first[0] = first[0] or passed
        return passed > SLICE + 3 * first[0]

    return is_enough


def _with_language_of(
    load: Load, act: Callable[[Load], object], fail: Callable[[Load, str], object]
) -> None:
    """Reasons are written in the language of whoever reads them."""
    with translation.override(load.by.language if load.by else translation.get_language()):
        try:
            act(load)
        except RuleBroken as refused:
            if refused.code != "running":
                fail(load, str(refused.message))
        except _DATABASE_IS_AWAY:
            raise
        except Exception:
            fail(load, _("The file cannot be brought in: something unexpected went wrong."))
            raise
