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
    here = _table().get(_key(parts, lambda part: True))
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
    return operation, tuple(parts[1::2])


@cache
def _table() -> dict[Key, dict[str, Operation]]:
    table: dict[Key, dict[str, Operation]] = {}
    for operation in operations():
        key = _key(operation.path.split("/"), lambda part: part.startswith("{"))
        table.setdefault(key, {})[operation.method] = operation
    return table


def _key(parts: list[str], is_identifier: Callable[[str], bool]) -> Key:
    """An address without its identifiers, which are every second part."""
    return tuple(None if n % 2 and is_identifier(part) else part for n, part in enumerate(parts))
