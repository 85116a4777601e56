"""Batches that several connections write at once come to what one after the other would."""

import csv
import random

import pytest
from django.db import connection

from circulo.parties.models import Party, Point, Relationship
from circulo.records import batches
from circulo.records.actions import loads, running
from circulo.records.models import Load

pytestmark = pytest.mark.django_db(transaction=True)


def people(seed, rows=300):
    """Rows in which addresses, phones, names and companies come again, near and far."""
    chance = random.Random(seed)
    for n in range(rows):
        who = chance.choice([n, chance.randrange(rows), max(0, n - chance.randrange(12))])
        yield {
            "Name": f"Ana {who}",
            "Email": f"a{who}@x.es" if chance.random() < 0.7 else "",
            "Phone": f"+3461{who:07d}" if chance.random() < 0.5 else "",
            "Company": f"Firm {chance.randrange(25)}" if chance.random() < 0.8 else "",
            "City": chance.choice(["Cuenca", "Soria", ""]),
        }


def file_of(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["Name", "Email", "Phone", "Company", "City"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def told(path, key=""):
    """What a load of the file says, and what it left."""
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, "contacts", by=None)
    load = running.run_load(loads.map_columns(load, options={"key": key}))
    companies = dict(Party.objects.organisations().values_list("pk", "trade_name"))
    left = {
        "people": sorted(
            (name, companies[company] if company else "")
            for name, company in Party.objects.people().values_list("name", "company")
        ),
        "companies": sorted(companies.values()),
        "points": sorted(Point.objects.values_list("party__name", "kind", "value", "is_primary")),
        "ties": sorted(Relationship.objects.values_list("party__name", "other__trade_name")),
    }
    counts = (load.state, load.created, load.updated, load.skipped, load.refused)
    for model in (Relationship, Point, Party, Load):
        model.objects.all().delete()
    return counts, left


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("key", ["", "emails"])
def test_a_file_comes_to_the_same_however_many_write_it(tmp_path, monkeypatch, seed, key):
    path = file_of(tmp_path / "people.csv", people(seed))
    monkeypatch.setattr(batches, "BATCH", 15)
    monkeypatch.setattr(running, "WRITERS", 1)
    one_after_the_other = told(path, key)

    monkeypatch.setattr(running, "WRITERS", 3)
    assert told(path, key) == one_after_the_other
    assert one_after_the_other[0][0] == Load.State.DONE


def cancel_once(load):
    if Load.objects.get(pk=load.pk).state == Load.State.RUNNING:
        loads.cancel_load(load)


def test_a_load_cancelled_on_the_way_is_the_beginning_of_its_file(tmp_path, monkeypatch):
    rows = [{"Name": f"Ana {n}", "Email": f"a{n}@x.es"} for n in range(200)]
    path = file_of(tmp_path / "people.csv", rows)
    monkeypatch.setattr(batches, "BATCH", 10)
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, "contacts", by=None)

    running.run_load(load, progress=cancel_once)

    load = Load.objects.get()
    assert load.state == Load.State.CANCELLED
    assert 10 <= load.rows_done < 200
    emails = set(Point.objects.values_list("value", flat=True))
    assert emails == {f"a{n}@x.es" for n in range(load.rows_done)}


def test_a_load_lets_go_of_every_connection_it_opened(tmp_path):
    cards = tmp_path / "people.vcf"
    doubtful = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana {0}\nBDAY:spring\nTEL:none\nEND:VCARD\n"
    cards.write_text("".join(doubtful.format(n) for n in range(30)))
    before = connected()
    assert told(cards)[0] == (Load.State.DONE, 30, 0, 0, 0)
    assert connected() == before


def connected():
    """How many connections there are to the database of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]
