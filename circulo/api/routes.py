"""Which operation an address means."""

from collections.abc import Callable
from functools import cache

from django.utils.translation import gettext as _

from circulo.records.rest.operations import Operation, operations
from circulo.records.rest.refusals import Refused, not_found

Key = tuple[str | None, ...]


def find(method: str, path: str) -> tuple[Operation, tuple[str, ...]]:
    """The operation and the identifiers in its address; Refused where there is none."""
    parts = path.split("/")
    table = _table()
    here = table.get(tuple(parts)) or table.get(_key(parts, lambda part: True))
    if here is None:
        raise not_found(_("There is nothing at this address."))
    operation = here.get("GET" if method == "HEAD" else method)
    if operation is None:
        raise Refused(
            405,
            "method_not_allowed",
            _("This address does not know this method."),
            headers={"Allow": ", ".join(sorted(here))},
        )
    said = zip(operation.path.split("/"), parts, strict=True)
    return operation, tuple(part for name, part in said if name.startswith("{"))


def record_of(path: str) -> tuple[Operation, tuple[str, ...]] | None:
    """How the record is read that an address acts on, and its identifiers; the innermost of it."""
    parts = path.split("/")
    for length in range(len(parts) - len(parts) % 2, 0, -2):
        here = _table().get(_key(parts[:length], lambda part: True), {})
        if "GET" in here:
            return here["GET"], tuple(parts[1:length:2])
    return None


@cache
def _table() -> dict[Key, dict[str, Operation]]:
    table: dict[Key, dict[str, Operation]] = {}
    for operation in operations():
        key = _key(operation.path.split("/"), lambda part: part.startswith("{"))
        table.setdefault(key, {})[operation.method] = operation
    return table


def _key(parts: list[str], is_identifier: Callable[[str], bool]) -> Key:
    """An address without its identifiers, which are every second part; a word in the place of one
    is found before them.
    """
    return tuple(None if n % 2 and is_identifier(part) else part for n, part in enumerate(parts))
