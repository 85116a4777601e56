"""Loads that run in the background."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from circulo.lib.errors import RuleBroken
from circulo.records.actions import loads
from circulo.records.models import Load

_AGAIN = RetryStrategy(max_attempts=50, wait=2, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="records.run_load", retry=_AGAIN)
def run_load(load: int) -> None:
    """Bring in what is left of a load."""
    found = Load.objects.select_related("by").get(pk=load)
    if found.is_over:
        return
    _with_language_of(found, loads.run_load)


@app.task(name="records.check_load", retry=_AGAIN)
def check_load(load: int) -> None:
    """Check every row of a load."""
    found = Load.objects.select_related("by").get(pk=load)
    if found.state in (Load.State.NEW, Load.State.CHECKING):
        _with_language_of(found, loads.check_load)


def _with_language_of(load: Load, act: Callable[[Load], object]) -> None:
    """Reasons are written in the language of whoever reads them."""
    with translation.override(load.by.language if load.by else translation.get_language()):
        try:
            act(load)
        except RuleBroken as refused:
            if refused.code != "running":
                loads.fail_load(load, str(refused.message))
