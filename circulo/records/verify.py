"""The invariant checker: asks every app what must be true, and finds what is not."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule

from circulo.lib import ids
from circulo.lib.invariants import Invariant, Violation


def invariants() -> list[Invariant]:
    """What the apps state in their `invariants.py`, the lowest app first."""
    return [each for module in _modules() for each in module.INVARIANTS]


def verify(*, repair: bool = False) -> list[dict[str, Any]]:
    """What breaks an invariant; with `repair`, what still does after mending what can be."""
    return [found for invariant in invariants() for found in _check(invariant, repair=repair)]


def _check(invariant: Invariant, *, repair: bool) -> list[dict[str, Any]]:
    with transaction.atomic():
        _take_your_time()
        found = list(invariant.find())
        if repair and found and invariant.mend:
            invariant.mend([violation.key for violation in found])
            found = list(invariant.find())
    return [_shown(invariant, violation) for violation in found]


def _take_your_time() -> None:
    """A check reads whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def _shown(invariant: Invariant, violation: Violation) -> dict[str, Any]:
    return {
        "invariant": invariant.name,
        "says": str(invariant.says),
        "kind": violation.kind,
        "id": ids.encode(violation.kind, violation.key),
        "detail": violation.detail,
        "can_be_repaired": invariant.mend is not None,
    }


def _modules() -> Iterator[Any]:
    for app in apps.get_app_configs():
        if app.name.startswith("circulo.") and module_has_submodule(app.module, "invariants"):
            yield import_module(f"{app.name}.invariants")
