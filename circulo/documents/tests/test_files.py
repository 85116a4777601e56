import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from circulo.documents.press import print_pdf
from circulo.records import actions
from circulo.records.models import Attachment
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def seller(client):
    user = make_user()
    client.force_login(user)
    return user


def attached(party, name, data):
    [file] = actions.attach("party", party.pk, [SimpleUploadedFile(name, data)], by=None)
    return file


def a_pdf():
    data = {"title": "x", "lang": "es", "region": "ES", "paper": "a4", "firm": {"name": "F"},
            "subtitle": "", "note": "", "columns": ["A"], "rows": [["uno"]],
            "words": {"page": "{here}"}}  # fmt: skip
    return print_pdf("list", data)


def test_the_page_of_a_party_narrows_its_documents_by_kind(client, seller):
    party = make_contact(owner=seller)
    for name, data in (("a.pdf", b"%PDF"), ("b.png", PNG), ("c.txt", b"c"), ("d.csv", b"a;b"),
                       ("e.zip", b"PK")):  # fmt: skip
        attached(party, name, data)

    for kind, name in (("pdf", "a.pdf"), ("image", "b.png"), ("text", "c.txt"),
                       ("table", "d.csv"), ("other", "e.zip")):  # fmt: skip
        shown = client.get(f"/documents/{party.public_id}?kind={kind}").context["files"]
        assert [file.name for file in shown] == [name]


def test_the_list_costs_the_same_for_one_file_as_for_many(client, seller):
    party = make_contact(owner=seller)
    attached(party, "a.txt", b"a")
    url = f"/documents/{party.public_id}"
    client.get(url)
    cost = query_cost(client.get, url)
    for number in range(5):
        attached(party, f"{number}.txt", b"a")

    assert query_cost(client.get, url) == cost


def test_texts_and_tables_are_shown_escaped(client, seller):
    party = make_contact(owner=seller)
    text = attached(party, "a.txt", "<script>ñ".encode())
    table = attached(party, "a.csv", b"Nombre;Edad\n<b>Ana</b>;3\n")

    assert "&lt;script&gt;ñ" in client.get(text.page_url).content.decode()
    page = client.get(table.page_url).content.decode()
    assert "<td>&lt;b&gt;Ana&lt;/b&gt;</td>" in page and "<b>Ana" not in page


def test_a_page_of_a_pdf_is_shown_as_a_picture(client, seller):
    file = attached(make_contact(owner=seller), "a.pdf", a_pdf())

    drawn = client.get(f"{file.url}/picture?page=1")

    assert drawn["Content-Type"] == "image/png" and drawn.content.startswith(b"\x89PNG")
    assert "sandbox" in drawn["Content-Security-Policy"]
    assert client.get(f"{file.url}/picture?page=9").status_code == 404
    assert "/picture?page=1" in client.get(file.page_url).content.decode()


@pytest.mark.parametrize("data", [b"%PDF-1.7\nbroken", b"%PDF" + b"\0" * 5000, b"#let x = 1"])
def test_a_broken_pdf_shows_nothing_and_breaks_nothing(client, seller, data):
    file = attached(make_contact(owner=seller), "a.pdf", data)

    assert client.get(f"{file.url}/picture").status_code == 404
    assert client.get(file.page_url).status_code == 200


def a_long_pdf(pages, password=""):
    [page] = PdfReader(io.BytesIO(a_pdf())).pages
    writer, kept = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_page(page)
    if password:
        writer.encrypt(password)
    writer.write(kept)
    return kept.getvalue()


def test_the_page_of_a_pdf_tells_how_many_there_are_and_ends_with_the_last(client, seller):
    client.force_login(make_user("admin", language="en"))
    file = attached(make_contact(owner=seller), "a.pdf", a_long_pdf(3))

    first, last = (client.get(f"{file.page_url}?page={n}").content.decode() for n in (1, 3))
    assert "Page 1 of 3" in first and "?page=2" in first
    assert "Page 3 of 3" in last and "?page=4" not in last
    beyond = client.get(f"{file.page_url}?page=9").content.decode()
    assert "Page 3 of 3" in beyond and "picture?page=3" in beyond


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (lambda: a_long_pdf(1, "secret"), "protected by a password"),
        (lambda: b"%PDF-1.7\nbroken", "the file is broken"),
        (lambda: a_pdf()[:900], "the file is broken"),
    ],
)
def test_a_pdf_that_cannot_be_shown_says_why_in_place_of_an_empty_frame(client, data, word):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    file = attached(make_contact(owner=admin), "a.pdf", data())

    page = client.get(file.page_url).content.decode()

    assert word in page and "/picture" not in page and f'href="{file.url}"' in page


def test_a_pdf_that_is_locked_but_not_for_reading_is_shown(client, seller):
    writer, kept = PdfWriter(clone_from=io.BytesIO(a_pdf())), io.BytesIO()
    writer.encrypt("", "owner")
    writer.write(kept)
    file = attached(make_contact(owner=seller), "a.pdf", kept.getvalue())

    assert "/picture?page=1" in client.get(file.page_url).content.decode()


def test_versions_are_added_fetched_restored_and_files_renamed(client, seller):
    file = attached(make_contact(owner=seller), "a.txt", b"uno")

    client.post(f"{file.url}/versions", {"files": SimpleUploadedFile("z.txt", b"dos")})
    old = client.get(f"{file.url}/versions/1")
    assert b"".join(old.streaming_content) == b"uno"
    assert old["Content-Disposition"].startswith("attachment")
    client.post(f"{file.url}/restore/1")
    client.post(f"{file.url}/rename", {"name": "b.txt"})

    file = Attachment.objects.get()
    assert (file.number, file.name, file.file.read_bytes()) == (3, "b.txt", b"uno")


def test_who_may_only_look_changes_nothing_and_others_find_nothing(client):
    norte = make_team()
    file = attached(make_contact(owner=make_user(team=norte)), "a.txt", b"uno")
    acts = (f"{file.url}/versions", f"{file.url}/restore/1", f"{file.url}/rename")
    for user, seen in ((make_user(team=norte), 200), (make_user(team=make_team()), 404)):
        client.force_login(user)
        assert client.get(file.page_url).status_code == seen
        for url in acts:
            upload = io.BytesIO(b"dos")
            assert client.post(url, {"files": upload, "name": "x"}).status_code in (404, 405)
    assert Attachment.objects.get().number == 1


def test_a_new_version_is_told_in_the_changes_without_what_lies_on_the_disk(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    file = attached(make_contact(owner=admin), "a.txt", b"uno")
    client.post(f"{file.url}/versions", {"files": SimpleUploadedFile("z.txt", b"dos")})

    page = client.get("/changes").content.decode()

    assert "Version of a file" in page and "Path" not in page and "files/" not in page


def test_a_file_that_was_added_renamed_or_replaced_is_taken_back_from_its_message(client, seller):
    def offered(path, said):
        page = client.post(path, said, follow=True).content.decode()
        return page.partition('data-undo="')[2].partition('"')[0]

    party = make_contact(owner=seller)
    first = SimpleUploadedFile("a.txt", b"uno")
    undo = offered(f"/files/party/{party.public_id}/add", {"files": [first]})
    file = Attachment.objects.get()
    second = SimpleUploadedFile("a.txt", b"dos")
    assert offered(f"/files/{file.public_id}/versions", {"files": second})
    back = offered(f"/files/{file.public_id}/rename", {"name": "b.txt"})
    client.post(back)
    file.refresh_from_db()
    assert file.name == "a.txt" and undo
