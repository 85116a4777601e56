"""A large undo, written by several connections: all goes that must, and nothing that must stay."""

import io

import pytest

from circulo.desk.bulk import write_batch
from circulo.parties.models import Party, Point, Relationship
from circulo.records.actions import loads, many, running, undoing
from circulo.records.models import ChangeSet
from circulo.testing.make import make_interaction, make_user

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 6_000


@pytest.fixture
def loaded():
    rows = "".join(f"Ana {n},p{n}@x.es,Firma {n % 50}\n" for n in range(ROWS))
    file = io.BytesIO(f"Nombre,Email,Empresa\n{rows}".encode())
    load = loads.start_load(file, "many.csv", "contacts", by=make_user("admin"))
    load = running.run_load(loads.map_columns(load, options={"key": "emails"}))
    assert Party.objects.count() == ROWS + 50
    return load.change_set


def test_a_load_goes_without_a_trace_and_comes_again(loaded):
    undo = undoing.undo_changes(loaded, by=loaded.by, here=True)
    undo = undoing.run_undo(undo)
    assert (undo.state, undo.done, undo.kept) == ("done", undo.total, 0)
    assert not Party.objects.exists() and not Point.objects.exists()

    again = undoing.run_undo(undoing.undo_changes(undo, by=loaded.by, here=True))

    assert (again.state, again.kept) == ("done", 0)
    assert Party.objects.count() == ROWS + 50
    assert Relationship.objects.count() == ROWS
    assert Party.objects.filter(search__contains="p77@x.es").count() == 1


def test_whom_somebody_called_since_stays_with_the_company(loaded):
    called = Party.objects.get(points__value="p7@x.es")
    make_interaction(party=called)

    undo = undoing.run_undo(undoing.undo_changes(loaded, by=loaded.by, here=True))

    assert undo.state == "done"
    assert set(Party.objects.all()) == {called, called.company}
    assert called.points.count() == 1 and called.relationships.count() == 1


def test_an_act_on_many_and_its_undo(loaded):
    keys = list(Party.objects.people().values_list("pk", flat=True))
    job = {"task": "desk.change_many", "of": "contacts", "act": "lifecycle", "value": "lead"}
    bulk = many.change_many(keys, write_batch, by=loaded.by, label="", job=job)

    bulk = many.run_many(bulk, write_batch)
    assert (bulk.state, bulk.done) == ("done", ROWS)
    undo = undoing.run_undo(undoing.undo_changes(bulk, by=loaded.by, here=True))

    assert (undo.state, undo.done, undo.kept) == ("done", ROWS, 0)
    assert not Party.objects.filter(lifecycle="lead").exists()
    assert ChangeSet.objects.get(pk=bulk.pk).undone_by == undo
