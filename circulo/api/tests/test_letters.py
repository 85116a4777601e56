import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circulo.api.tests.calls import Program
from circulo.documents.models import Letter, Template
from circulo.testing.make import make_contact, make_team, make_template, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def test_templates_are_added_changed_listed_and_hidden():
    eva, other = Program(make_user()), Program(make_user())
    said = {"name": "Carta", "sharing": "own",
            "texts": {"es": {"subject": "Hola", "body": "{{ contact.name }}"}}}  # fmt: skip

    made = eva.post("templates", said)

    assert made.status_code == 201, made.content
    where = f"templates/{made.json()['id']}"
    assert eva.get("templates").json()["count"] == 1 and other.get("templates").json()["count"] == 0
    assert other.get(where).status_code == 404
    changed = eva.patch(where, {"is_active": False}, If_Match=made.headers["ETag"])
    assert changed.status_code == 200 and changed.json()["texts"] == said["texts"]
    assert eva.patch(where, {"name": "B"}, If_Match=made.headers["ETag"]).status_code == 409
    assert Template.objects.get().version == 2


@pytest.mark.parametrize("texts,place", [
    ({"es": {"body": "{{ contact.nothing }}"}}, "body_es"), ({"fr": {"body": "x"}}, "texts"),
    ({"es": "x"}, "texts"), ([], "texts"),
])  # fmt: skip
def test_a_template_that_cannot_be_merged_is_refused(texts, place):
    answer = Program(make_user()).post("templates", {"name": "Carta", "texts": texts})

    assert answer.status_code == 422 and place in answer.json()["error"]["fields"]


def test_a_letter_is_printed_told_and_posted_by_a_program():
    team = make_team()
    eva, mate = Program(make_user(team=team)), Program(make_user(team=team))
    stranger = Program(make_user(team=make_team()))
    party = make_contact(given_name="Ana", owner=eva.user)
    template = make_template(body="Hola {{ contact.given_name }} {{ contact.title }}")
    where = f"contacts/{party.public_id}/letters"

    made = eva.post(where, {"template": template.public_id})

    assert made.status_code == 201, made.content
    letter = made.json()
    assert (letter["body"], letter["missing"]) == ("Hola Ana", ["contact.title"])
    assert letter["state"] == "draft" and letter["file"]
    assert mate.get(where).json()["count"] == 1
    assert mate.post(where, {"body": "x"}).status_code == 403
    assert mate.post(f"letters/{letter['id']}/post").status_code == 403
    assert stranger.post(where, {"body": "x"}).status_code == 404
    assert stranger.get(f"letters/{letter['id']}").status_code == 404
    assert eva.post(f"letters/{letter['id']}/post").json()["state"] == "sent"
    assert eva.post(f"letters/{letter['id']}/post").status_code == 409
    assert eva.post(where, {}).status_code == 422
    assert Letter.objects.count() == 1 and Interaction.objects.count() == 2


def test_versions_of_a_file_over_the_api():
    eva = Program(make_user())
    party = make_contact(owner=eva.user)
    send = eva.client.post
    where = f"/api/v1/contacts/{party.public_id}/attachments"
    file = send(where, {"file": SimpleUploadedFile("a.txt", b"uno")}).json()["items"][0]
    here = f"attachments/{file['id']}"

    newer = send(f"/api/v1/{here}/versions", {"file": SimpleUploadedFile("b.txt", b"dos")})

    assert newer.status_code == 201 and newer.json()["version"] == 2
    old = eva.get(f"{here}/content", version=1)
    assert b"".join(old.streaming_content) == b"uno"
    assert eva.get(f"{here}/content", version=7).status_code == 404
    assert [row["version"] for row in eva.get(f"{here}/versions").json()["items"]] == [2, 1]
    assert eva.post(f"{here}/restore", {"version": 1}).json()["version"] == 3
    assert eva.post(f"{here}/restore", {"version": 99}).status_code == 409
    assert eva.patch(here, {"name": "c.txt"}).json()["name"] == "c.txt"
    assert eva.patch(here, {"name": ""}).status_code == 422
