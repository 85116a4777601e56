import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circulo.api.tests.calls import Program
from circulo.records.models import Attachment
from circulo.testing.make import make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def send(program: Program, path: str, *names: str, **headers: str):
    files = [SimpleUploadedFile(name, b"<script>1</script>") for name in names]
    said = {"file": files} if names else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.client.post(f"/api/v1/{path}", said, headers=named)


def test_files_come_and_go_with_the_rights_of_their_record():
    team = make_team()
    seller, colleague = Program(make_user(team=team)), Program(make_user(team=team))
    stranger = Program(make_user(team=make_team()))
    person = make_contact(owner=seller.user)
    where = f"contacts/{person.public_id}/attachments"

    added = send(seller, where, "oferta.html", "b.pdf")

    assert added.status_code == 201, added.content
    file = added.json()["items"][0]
    assert (file["name"], file["size"], added.json()["count"]) == ("oferta.html", 18, 2)
    content = colleague.get(f"attachments/{file['id']}/content")
    assert b"".join(content.streaming_content) == b"<script>1</script>"
    assert content.headers["Content-Disposition"].startswith("attachment")
    assert content.headers["Content-Type"] == "application/octet-stream"
    assert colleague.get(f"attachments/{file['id']}").json() == file
    assert colleague.get(where).json()["count"] == 2
    assert send(colleague, where, "x.txt").status_code == 403
    assert colleague.delete(f"attachments/{file['id']}").status_code == 403
    for refused in (stranger.get(where), send(stranger, where, "x.txt"),
                    stranger.get(f"attachments/{file['id']}"),
                    stranger.get(f"attachments/{file['id']}/content"),
                    stranger.delete(f"attachments/{file['id']}")):  # fmt: skip
        assert refused.status_code == 404
    assert seller.delete(f"attachments/{file['id']}").status_code == 204
    assert Attachment.objects.count() == 1


def test_the_same_upload_twice_counts_once():
    seller = Program(make_user())
    told = make_interaction(party=make_contact(owner=seller.user), by=seller.user)
    where = f"interactions/{told.public_id}/attachments"

    first = send(seller, where, "a.txt", Idempotency_Key="one")
    again = send(seller, where, "a.txt", Idempotency_Key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert send(seller, where, "b.txt", Idempotency_Key="one").status_code == 422
    assert Attachment.objects.count() == 1


def test_what_is_no_upload_is_refused():
    seller = Program(make_user())
    person = make_contact(owner=seller.user)
    where = f"contacts/{person.public_id}/attachments"

    assert send(seller, where).status_code == 422
    assert seller.post(where, {}).status_code == 415
    post, kind = seller.client.post, "multipart/form-data; boundary=x"
    assert post(f"/api/v1/{where}", b"--nothing", content_type=kind).status_code in (400, 422)
    assert post(f"/api/v1/{where}", b"x", content_type="multipart/form-data").status_code == 400
