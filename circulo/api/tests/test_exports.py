import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.api.tests.calls import Program
from circulo.records import jobs
from circulo.records.actions import exporting
from circulo.records.models import Export
from circulo.records.stored import media
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db
LEADS = {"field": "lifecycle", "op": "is", "value": "lead"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def done():
    jobs.run_export(Export.objects.latest("pk").pk)


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_list_is_written_and_fetched_by_whoever_asked_and_nobody_else():
    admin, other = Program(make_user("admin")), Program(make_user("admin"))
    make_contact(given_name="Ana", lifecycle="lead")
    make_contact(given_name="Eva", lifecycle="customer")

    sent = admin.post("exports", {"type": "contacts", "filter": LEADS})
    where = f"exports/{sent.json()['id']}"
    assert (sent.status_code, sent.json()["state"]) == (201, "running")
    assert sent.headers["Location"] == f"/api/v1/{where}"
    assert admin.get(f"{where}/content").status_code == 404
    done()

    shown = admin.get(where).json()
    assert (shown["state"], shown["rows"], shown["filter"]) == ("done", 1, LEADS)
    assert [row["given_name"] for row in rows_of(admin.get(f"{where}/content"))] == ["Ana"]
    assert admin.get("exports").json()["items"] == [shown]
    assert other.get("exports").json()["count"] == 0
    assert other.get(where).status_code == other.get(f"{where}/content").status_code == 404
    assert other.delete(where).status_code == 404

    file = media(Export.objects.get().path)
    assert admin.delete(where).status_code == 204
    assert admin.get(where).status_code == 404 and not file.exists()


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "parquet"])
def test_the_other_formats_are_written_too(kind):
    admin = Program(make_user("admin"))
    make_contact(given_name="Ana")
    sent = admin.post("exports", {"type": "contacts", "format": kind}).json()
    done()
    shown = admin.get(f"exports/{sent['id']}").json()
    content = b"".join(admin.get(f"exports/{sent['id']}/content").streaming_content)
    assert (shown["rows"], shown["size"]) == (1, len(content)) and shown["size"] > 0


def test_what_cannot_be_handed_out_is_refused():
    admin, seller = Program(make_user("admin")), Program(make_user())

    assert seller.post("exports", {"type": "contacts"}).status_code == 403
    for said, field in (
        ({"type": "dragons"}, "type"),
        ({"type": "contacts", "format": "exe"}, "format"),
        ({"type": "contacts", "filter": []}, "filter"),
        ({"type": "contacts", "filter": LEADS | {"op": "nope"}}, "filter"),
        ({"type": "contacts", "to": "x"}, "to"),
        ({}, "type"),
    ):
        refused = admin.post("exports", said)
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, [field])
    for _ in range(exporting.MOST_AT_ONCE):
        assert admin.post("exports", {"type": "contacts"}).status_code == 201
    assert admin.post("exports", {"type": "contacts"}).status_code == 409


def test_a_right_that_was_taken_away_meanwhile_leaves_no_file():
    analyst = make_user("analyst")
    Program(analyst).post("exports", {"type": "contacts"})
    analyst.role.rights = {"contacts": {"export": False}}
    analyst.role.save()
    done()

    export = Export.objects.get()
    assert (export.state, export.rows) == ("failed", None) and export.error
    assert not media(export.path).exists()


def test_an_export_whose_job_is_gone_is_taken_up_and_an_old_one_forgotten():
    admin = Program(make_user("admin"))
    admin.post("exports", {"type": "contacts"})
    assert jobs.is_queued("records.run_export", "export", Export.objects.get().pk)
    done()
    file = media(Export.objects.get().path)
    Export.objects.update(created_at=timezone.now() - timedelta(days=8))

    jobs.forget_exports(0)

    assert not Export.objects.exists() and not file.exists()


def test_the_list_costs_the_same_for_one_as_for_many():
    admin = Program(make_user("admin"))
    admin.post("exports", {"type": "contacts"})
    admin.get("exports")
    cost_of_one = query_cost(admin.get, "exports")
    for _ in range(2):
        admin.post("exports", {"type": "deals"})

    assert query_cost(admin.get, "exports") == cost_of_one
