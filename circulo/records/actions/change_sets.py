"""Change sets that are known before anything is written: those of loads."""

from collections.abc import Iterator
from contextlib import contextmanager

from circulo.lib.acting import acting
from circulo.records.models import ChangeSet, Load


def change_set_of(load: Load) -> ChangeSet:
    """The change set of a load, under which the ledger keeps what it brings in."""
    return load.change_set or ChangeSet.objects.create(
        kind=ChangeSet.Kind.IMPORT,
        by=load.by,
        through=ChangeSet.Through.IMPORT,
        label=load.name,
    )


@contextmanager
def bringing_in(load: Load) -> Iterator[None]:
    """Within the block all that is written belongs to the change set of a load."""
    with acting(load.by_id, ChangeSet.Through.IMPORT, change_set=load.change_set_id):
        yield
