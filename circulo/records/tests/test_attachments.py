import contextlib
import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from circulo.parties import actions as parties
from circulo.records import actions
from circulo.records.actions import forgetting
from circulo.records.models import Attachment, Change
from circulo.testing.make import make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


def upload(client, party, *files):
    return client.post(f"/files/party/{party.public_id}/add", {"files": list(files)})


def fetch(client, url):
    """The answer to a download, read and closed as a server does it."""
    answer = client.get(url)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def attached(party, name="a.txt", data=b"text", by=None):
    [file] = actions.attach("party", party.pk, [SimpleUploadedFile(name, data)], by=by)
    return file


def test_a_file_is_kept_whole_under_a_random_name_and_saved_by_its_own(client, tmp_path):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    answer = upload(client, party, SimpleUploadedFile("Oferta ñ “2”.pdf", b"%PDF-1.7 data"))

    file = Attachment.objects.get()
    assert answer.status_code == 302 and file.name == "Oferta ñ “2”.pdf"
    assert file.sha256 == hashlib.sha256(b"%PDF-1.7 data").hexdigest() and file.by == seller
    assert str(tmp_path) in str(file.file) and "Oferta" not in file.path
    got = fetch(client, file.url)
    assert got.body == b"%PDF-1.7 data"
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''Oferta%20%C3%B1")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]


@pytest.mark.parametrize("name,data", [
    ("page.html", b"<script>alert(1)</script>"), ("pic.svg", b"<svg onload=alert(1)>"),
    ("x.png", b"<script>"), ("a.svgz", b"\x1f\x8b"), ("x.pHaR", b"<?php"), ("x.xml", b"<?xml"),
    ("doc.pdf", b"%PDF"), ("x.js", b"alert(1)"), ("photo.jpg", b"GIF8"),
])  # fmt: skip
def test_what_could_act_is_never_shown_on_a_page(client, name, data):
    seller = make_user()
    client.force_login(seller)
    file = attached(make_contact(owner=seller), name, data)

    for url in (file.url, f"{file.url}?inline"):
        got = fetch(client, url)
        assert got["Content-Disposition"].startswith("attachment")
        assert "html" not in got["Content-Type"] and "svg" not in got["Content-Type"]
        assert "xml" not in got["Content-Type"] and "image" not in got["Content-Type"]
        assert "sandbox" in got["Content-Security-Policy"]


def test_an_image_is_shown_where_its_first_bytes_say_it_is_one(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)
    file = attached(party, "photo.exe", PNG)

    got = fetch(client, f"{file.url}?inline")

    assert got["Content-Type"] == "image/png" and got["Content-Disposition"].startswith("inline")
    assert f"{file.url}?inline" in client.get(party.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name,kept", [
    ("../../etc/passwd", "passwd"), ("C:\\Windows\\x.txt", "x.txt"), ("...", "archivo"),
    ("a\u202egpj.exe", "agpj.exe"), ("ñ" * 255 + ".txt", None), ("a\r\nSet-Cookie: x", None),
    ("“.htaccess", None), (".htaccess", "htaccess"),
])  # fmt: skip
def test_no_name_leads_anywhere_else(client, name, kept):
    seller = make_user()
    client.force_login(seller)
    from circulo.records.actions.attachments import safe_name

    safe = safe_name(name)

    assert safe and "/" not in safe and "\\" not in safe and "\n" not in safe
    assert len(safe) <= 200 and (kept is None or safe in (kept, "file"))


def test_too_large_and_empty_files_are_refused_and_leave_nothing(client, settings, tmp_path):
    settings.FILE_LIMIT = 10
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    upload(
        client, party, SimpleUploadedFile("ok.txt", b"1"), SimpleUploadedFile("b.txt", b"1" * 11)
    )
    upload(client, party, SimpleUploadedFile("empty.txt", b""))
    upload(client, party, *[SimpleUploadedFile(f"{n}.txt", b"1") for n in range(21)])
    upload(client, party)

    assert not Attachment.objects.exists() and not list(tmp_path.rglob("files/*/*"))


def test_who_may_see_the_record_may_see_its_files_and_nobody_else(client):
    norte, sur = make_team(), make_team()
    owner = make_user(team=norte)
    party = make_contact(owner=owner)
    file = attached(party)
    for user, seen, changed in (
        (owner, 200, 302), (make_user(team=norte), 200, 404), (make_user("auditor"), 200, 404),
        (make_user(team=sur), 404, 404),
    ):  # fmt: skip
        client.force_login(user)
        assert fetch(client, file.url).status_code == seen
        assert upload(client, party, SimpleUploadedFile("n.txt", b"n")).status_code == changed
    for user in (make_user(team=norte), make_user("auditor"), make_user(team=sur)):
        client.force_login(user)
        assert client.post(f"{file.url}/delete").status_code == 404
    client.logout()
    assert fetch(client, file.url).status_code in (302, 401)


def test_a_file_in_the_bin_is_not_there(client):
    owner = make_user()
    party = make_contact(owner=owner)
    file = attached(party)
    client.force_login(owner)

    parties.bin_parties([party.pk], by=owner)

    assert fetch(client, file.url).status_code == 404


def test_files_of_a_private_interaction_are_its_authors_alone(client):
    team = make_team()
    author, mate = make_user(team=team), make_user("manager", team=team)
    told = make_interaction(party=make_contact(owner=author), by=author, is_private=True)
    [file] = actions.attach("interaction", told.pk, [SimpleUploadedFile("a", b"a")], by=author)

    client.force_login(mate)
    assert fetch(client, file.url).status_code == 404
    client.force_login(author)
    assert fetch(client, file.url).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_deleted_file_can_be_taken_back_and_goes_from_the_disk_after_a_month(client):
    seller = make_user()
    client.force_login(seller)
    file = attached(make_contact(owner=seller))
    place = file.file

    assert client.get(f"{file.url}/delete").status_code == 405
    client.post(f"{file.url}/delete")
    assert place.exists() and not Attachment.objects.exists()
    client.post(client.session["circulo.toasts"][0]["undo"])
    with contextlib.closing(client.get(file.url)) as answer:
        assert answer.status_code == 200

    client.post(f"{file.url}/delete")
    forgetting.forget_files()
    assert place.exists()
    Change.objects.filter(kind="file").update(at=timezone.now() - timedelta(days=31))
    forgetting.forget_files()
    assert not place.exists()


@pytest.mark.parametrize("url", [
    "/files/0000000000", "/files/x", "/files/party/0000000000/add", "/files/user/0000000000/add",
    "/files/0000000000/delete",
])  # fmt: skip
def test_what_is_not_there_is_not_found(client, url):
    client.force_login(make_user())

    assert client.get(url).status_code in (404, 405)
    assert client.post(url).status_code in (404, 405)
