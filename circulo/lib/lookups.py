"""What the database can be asked beyond Django's own look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, Lookup

from circulo.lib.slots import Keys, Slot, array

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


class _AnyOf(_Lookup):
    """One of many keys, sent as one array instead of one parameter each."""

    lookup_name = "any_of"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*parameters, _sent(self.rhs))


def _sent(keys: Sequence[int] | Slot | str) -> Keys | str:
    """Keys as one array; what stands for them until a run, as it is."""
    if isinstance(keys, Slot):
        return Keys(keys)
    return keys if isinstance(keys, str) else array(keys)


def has_any_key(keys: Sequence[int] | str, column: str = "pk") -> Any:
    """The condition that a column is one of these keys, however many they are; a text stands for
    keys that are not known yet."""
    return _AnyOf(F(column), keys)
