"""The page of files handed out: one's own, begun, followed, fetched and deleted."""

import pytest

from circulo.records.actions import exporting
from circulo.records.models import Export
from circulo.records.stored import media
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def written(by, name="contacts", **said):
    export = exporting.begin_export(name, by=by, format="csv", **said)
    return exporting.run_export(export)


def test_a_list_is_written_shown_with_rows_and_size_fetched_and_deleted(client, admin):
    make_task(owner=admin, title="Ring")

    client.post("/exports", {"type": "tasks", "format": "csv"})
    page = client.get("/exports").content.decode()
    assert "Tasks · CSV" in page and "Being written" in page and "hx-trigger" in page
    export = exporting.run_export(Export.objects.get())
    page = client.get("/exports").content.decode()
    assert "Ready" in page and "1 row" in page and 'hx-trigger="every 2s"' not in page
    file = client.get(f"/exports/{export.public_id}/content")
    assert "Ring" in b"".join(file.streaming_content).decode()
    assert file["Content-Disposition"].startswith("attachment")
    client.post(f"/exports/{export.public_id}/delete")

    assert not Export.objects.exists() and not media(export.path).exists()


def test_the_files_of_others_are_not_there(client, admin):
    export = written(make_user("admin"))

    assert export.public_id not in client.get("/exports").content.decode()
    assert client.get(f"/exports/{export.public_id}/content").status_code == 404
    assert client.post(f"/exports/{export.public_id}/delete").status_code == 404


def test_why_a_file_failed_and_what_is_refused_is_told(client, admin):
    exporting.fail_export(exporting.begin_export("deals", by=admin, format="xlsx"), "No room left")

    page = client.get("/exports").content.decode()
    assert "Failed" in page and "No room left" in page
    for said in ({"type": "nope", "format": "csv"}, {"type": "deals", "format": "exe"}):
        answer = client.post("/exports", said, follow=True)
        assert "Choose one of" in answer.content.decode()
    assert Export.objects.count() == 1


def test_who_may_hand_out_nothing_finds_no_page(client):
    client.force_login(make_user("agent"))

    assert client.get("/exports").status_code == 403


def test_the_list_costs_the_same_for_one_as_for_many(client, admin):
    make_contact(owner=admin)
    written(admin)
    client.get("/exports")
    cost = query_cost(client.get, "/exports")
    for _ in range(3):
        written(admin, criterion={"field": "lifecycle", "op": "is", "value": "lead"})

    assert "only a part of the list" in client.get("/exports").content.decode()
    assert query_cost(client.get, "/exports") == cost
