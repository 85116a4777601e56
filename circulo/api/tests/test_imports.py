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
