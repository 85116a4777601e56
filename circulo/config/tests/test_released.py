"""Databases from before the first release: taken as they are where whole, refused where not."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from circulo.config import prepare, released
from circulo.desk import doctor

pytestmark = pytest.mark.django_db

FIRST = "0001_first_release"


def forget(*names: str, app: str) -> None:
    """Have the database look as if it did not have these migrations."""
    recorder = MigrationRecorder(connection)
    assert recorder.migration_qs.filter(app=app, name__in=names).delete()[0] == len(names)


def test_a_database_with_all_of_the_old_migrations_has_the_new_ones() -> None:
    for app, name in MigrationLoader(None).replacements:
        forget(name, app=app)

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    prepare.migrate(demo=False, empty=False)

    known = MigrationRecorder(connection).applied_migrations()
    assert ("records", FIRST) in known
    assert ("sales", FIRST) in known


@pytest.mark.parametrize(
    ("app", "last"), [("accounts", "0011_one_index_each"), ("api", "0002_one_index_each")]
)
def test_a_database_with_a_part_of_them_is_refused_with_the_way_out(
    in_english: None, monkeypatch: pytest.MonkeyPatch, app: str, last: str
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    forget(FIRST, last, app=app)

    with pytest.raises(released.HalfMigrated) as refusal:
        prepare.migrate(demo=False, empty=False)

    assert f"lacks migrations from before the first release ({app}.{last})" in str(refusal.value)
    assert f"git checkout {released.LAST_BEFORE}" in str(refusal.value)
    assert ("accounts", "0010_fiscal_year") in MigrationRecorder(connection).applied_migrations()
    found = next(each for each in doctor.examine() if each.name == "migrations")
    assert (found.state, found.found) == ("problem", f"{app}.{last}")
    assert "empty database" in found.fix


def test_many_missing_migrations_are_told_by_the_first() -> None:
    refusal = released.HalfMigrated([f"sales.000{n}" for n in range(1, 8)])
    assert refusal.names == "sales.0001, sales.0002, sales.0003, sales.0004, sales.0005, …"


def test_no_new_migration_has_the_name_of_a_replaced_one() -> None:
    loader = MigrationLoader(None)
    gone = {step for each in loader.replacements.values() for step in each.replaces}
    assert gone
    assert not gone & set(loader.disk_migrations)
