"""Tables made together."""

import pytest
from django.db import connection, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from circulo.lib.tables import CreateTables

pytestmark = pytest.mark.django_db

# Each names the other, so that neither order would do one by one.
FLOCK = CreateTables([
    CreateModel("Sheep", [
        ("id", models.BigAutoField(primary_key=True)),
        ("shepherd", models.ForeignKey("lib.shepherd", models.CASCADE)),
    ]),
    CreateModel("Shepherd", [
        ("id", models.BigAutoField(primary_key=True)),
        ("favourite", models.ForeignKey("lib.sheep", models.CASCADE, null=True, related_name="+")),
    ]),
])  # fmt: skip


def test_tables_that_name_each_other_are_made_and_dropped_together() -> None:
    before, after = ProjectState(), ProjectState()
    FLOCK.state_forwards("lib", after)

    with connection.schema_editor() as editor:
        FLOCK.database_forwards("lib", editor, before, after)
    assert {"lib_sheep", "lib_shepherd"} <= set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        tied = connection.introspection.get_relations(cursor, "lib_shepherd")
    assert tied == {"favourite_id": ("id", "lib_sheep")}

    with connection.schema_editor() as editor:
        FLOCK.database_backwards("lib", editor, after, before)
    assert "lib_sheep" not in connection.introspection.table_names()
    assert FLOCK.describe() == "Create tables of Sheep, Shepherd"


def test_a_state_whose_classes_were_made_knows_the_new_ones_and_what_hangs_on_them() -> None:
    state = ProjectState()
    farm = CreateModel("Farm", [("id", models.BigAutoField(primary_key=True))])
    farm.state_forwards("lib", state)
    assert state.apps.get_model("lib", "farm")

    CreateTables([
        CreateModel("Barn", [
            ("id", models.BigAutoField(primary_key=True)),
            ("farm", models.ForeignKey("lib.farm", models.CASCADE, related_name="barns")),
        ]),
    ]).state_forwards("lib", state)  # fmt: skip

    related = state.apps.get_model("lib", "farm")._meta.related_objects
    assert [each.name for each in related] == ["barns"]
