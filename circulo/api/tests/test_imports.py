import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circulo.api.tests.calls import Program
from circulo.parties.models import Party
from circulo.records.actions import running
from circulo.records.models import Load
from circulo.testing.cost import query_cost
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
ROWS = "Nombre;Apellidos;Correo\nAna;Ruiz;ana@x.example\nLuis;Gil;nada\n".encode("utf-16")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def send(program: Program, said: dict[str, str], **headers: str):
    file = {"file": SimpleUploadedFile("gente.csv", ROWS)}
    return program.client.post("/api/v1/imports", file | said, headers=headers)


def test_a_file_is_brought_in_and_says_what_became_of_it():
    admin, seller = Program(make_user("admin")), Program(make_user())

    sent = send(admin, {"type": "contacts", "key": "email", "on_duplicate": "skip"})

    assert sent.status_code == 201, sent.content
    where = f"imports/{sent.json()['id']}"
    assert sent.headers["Location"] == f"/api/v1/{where}"
    running.run_load(Load.objects.get())
    done = admin.get(where).json()
    assert (done["state"], done["created"], done["refused"]) == ("done", 1, 1)
    assert Party.objects.get().name == "Ana Ruiz"
    refused = b"".join(admin.get(f"{where}/refused").streaming_content)
    assert b"Luis" in refused
    assert admin.get("imports").json()["items"] == [done]
    assert (seller.get(where).status_code, seller.get("imports").json()["count"]) == (404, 0)


def test_a_file_is_checked_first_and_then_brought_in():
    admin, seller = Program(make_user("admin")), Program(make_user())
    mapping = json.dumps({"Nombre": "first_surname", "Apellidos": None})

    sent = send(admin, {"type": "contacts", "dry_run": "true", "mapping": mapping}).json()
    where = f"imports/{sent['id']}"
    assert (sent["state"], sent["mapping"]["Nombre"]) == ("checking", "first_surname")
    assert "Apellidos" not in sent["mapping"]
    assert admin.post(f"{where}/run", {}).status_code == 409
    running.check_load(Load.objects.get())
    checked = admin.get(where).json()

    assert (checked["state"], checked["created"], checked["refused"]) == ("ready", 1, 1)
    assert not Party.objects.exists()
    assert seller.post(f"{where}/run", {}).status_code == 404
    assert admin.post(f"{where}/run", {"leaves_alike": "x"}).status_code == 422
    begun = admin.post(f"{where}/run", {"leaves_alike": True}).json()
    assert begun["state"] == "running"
    running.run_load(Load.objects.get())
    assert Party.objects.get().name == "Ana"


def test_the_row_of_the_headings_can_be_said():
    admin = Program(make_user("admin"))
    said = {"type": "contacts", "header_row": "2", "dry_run": "true"}
    sent = send(admin, said | {"mapping": '{"Ana": "given_name"}'}).json()
    assert sent["mapping"] == {"Ana": "given_name"}
    assert Load.objects.get().shape["table"]["headings"] == ["Ana", "Ruiz", "ana@x.example"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"mapping": "["}, "mapping"),
        ({"mapping": "[]"}, "mapping"),
        ({"mapping": '{"Nombre": 3}'}, "mapping"),
        ({"mapping": '{"Nombre": "no_such_field"}'}, "mapping"),
        ({"mapping": '{"No such heading": "emails"}'}, "mapping"),
        ({"dry_run": "maybe"}, "dry_run"),
        ({"header_row": "0"}, "header_row"),
        ({"header_row": "2"}, "mapping"),
    ],
)
def test_what_is_said_wrongly_of_a_file_is_refused_by_field(said, field):
    admin = Program(make_user("admin"))
    refused = send(admin, {"type": "contacts"} | said)
    assert refused.status_code == 422 and field in refused.json()["error"]["fields"]
    assert not Load.objects.exists()


def test_what_cannot_be_brought_in_is_refused_and_leaves_nothing():
    admin, auditor = Program(make_user("admin")), Program(make_user("auditor"))

    assert send(admin, {"type": "dragons"}).status_code == 422
    assert send(admin, {"type": "contacts", "on_duplicate": "x"}).status_code == 422
    assert send(admin, {"type": "contacts", "key": "x"}).status_code in (409, 422)
    assert send(admin, {"type": "contacts", "by": "x"}).status_code == 422
    assert send(auditor, {"type": "contacts"}).status_code == 403
    assert not Load.objects.exists()


def test_the_list_costs_the_same_for_one_as_for_many():
    admin = Program(make_user("admin"))
    send(admin, {"type": "contacts"})
    admin.get("imports")
    cost_of_one = query_cost(admin.get, "imports")
    for _ in range(3):
        send(admin, {"type": "contacts"})

    assert query_cost(admin.get, "imports") == cost_of_one


def test_a_key_is_of_one_file_and_what_was_said_with_it():
    admin = Program(make_user("admin"))

    first = send(admin, {"type": "contacts"}, **{"Idempotency-Key": "one"})
    again = send(admin, {"type": "contacts"}, **{"Idempotency-Key": "one"})
    other = send(admin, {"type": "leads"}, **{"Idempotency-Key": "one"})

    assert (first.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")
    assert Load.objects.count() == 1
