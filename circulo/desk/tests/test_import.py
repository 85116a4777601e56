import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from circulo.parties.models import Party, Point
from circulo.records import jobs
from circulo.records.actions import loads
from circulo.records.models import Load
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db

TABLE = (
    "Nombre;Correo;Teléfono móvil;Fecha de nacimiento;Color\n"
    "Ana García;ana@x.es;612345678;31/12/1980;rojo\n"
    "Luis Pérez;no es un correo;612345679;01/02/1990;azul\n"
    "Eva Ruiz;eva@x.es;;;\n"
)


@pytest.fixture(autouse=True)
def home(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)  # a test holds one


@pytest.fixture
def seller(client):
    user = make_user("seller", language="en")
    client.force_login(user)
    return user


def upload(client, text=TABLE, name="gente.csv", type="contacts"):
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("desk:import"), {"type": type, "file": file})


def address(act, load):
    return reverse(f"desk:{act}", args=[load.public_id])


def answers(load, **said):
    """What the form of the columns posts when nothing is changed on it."""
    headings = loads.headings_of(load)
    table = load.shape["table"]
    form = {f"column-{at}": load.mapping.get(h, "") for at, h in enumerate(headings)}
    names = ("encoding", "separator", "decimal", "date_order", "header_row")
    form |= {name: table[name] for name in names}
    form |= {"mapped": "1", "on_duplicate": "update", "key": "any", "makes_missing": "on"}
    return form | ({"has_header": "on"} if table["has_header"] else {}) | said


def checked(client, **said):
    load = Load.objects.latest("pk")
    client.post(address("check_import", load), answers(load, **said))
    jobs.check_load(load.pk)
    load.refresh_from_db()
    return load


def imported(client):
    load = checked(client)
    client.post(address("run_import", load))
    jobs.run_load(load.pk)
    load.refresh_from_db()
    return load


def test_a_file_is_taken_over_and_its_columns_are_understood(client, seller):
    answer = upload(client)

    load = Load.objects.get()
    assert answer.url == address("show_import", load)
    text = client.get(answer.url).content.decode()
    assert (load.by, load.mapping["Correo"]) == (seller, "emails")
    assert load.mapping["Teléfono móvil"] == "phones:cell"
    assert "Color" not in load.mapping
    assert "Phone (mobile)" in text and "no es un correo" in text and "12/31/80" not in text


def test_what_is_no_table_is_refused_and_leaves_nothing(client, seller, tmp_path):
    for name, data in (("a.pdf", b"%PDF-1.4 x"), ("b.csv", b""), ("c.xlsx", b"PK\3\4 broken")):
        answer = upload(client, data, name)
        assert answer.status_code == 422, name
        assert 'role="alert"' in answer.content.decode()

    assert not Load.objects.exists()
    assert not [path for path in Path(tmp_path).rglob("*") if path.is_file()]


def test_a_file_must_be_chosen_and_small_enough(client, seller, settings):
    settings.IMPORT_LIMIT = 10

    assert client.post(reverse("desk:import"), {"type": "contacts"}).status_code == 422
    assert upload(client).status_code == 422
    assert client.post(reverse("desk:import"), {"type": "x"}).status_code == 422


def test_the_import_of_a_colleague_is_not_there(client, seller):
    upload(client)
    load = Load.objects.get()
    client.force_login(make_user("seller"))

    for act in ("show_import", "import_errors"):
        assert client.get(address(act, load)).status_code == 404
    for act in ("map_import", "check_import", "run_import", "cancel_import", "discard_import"):
        assert client.post(address(act, load)).status_code == 404
    assert client.get(reverse("desk:show_import", args=["load_0"])).status_code == 404

    client.force_login(make_user("admin"))
    assert client.get(address("show_import", load)).status_code == 200


def test_who_may_create_nothing_brings_in_nothing(client):
    client.force_login(make_user("auditor"))

    assert client.get(reverse("desk:import")).status_code == 403
    assert upload(client).status_code == 403


def test_changed_columns_are_shown_at_once_as_they_are_understood(client, seller):
    upload(client)
    load = Load.objects.get()

    said = answers(load, **{"column-4": "tags", "column-1": ""})
    answer = client.post(address("map_import", load), said, headers={"HX-Request": "true"})

    load.refresh_from_db()
    assert (load.mapping["Color"], "Correo" in load.mapping) == ("tags", False)
    text = answer.content.decode()
    assert "<html" not in text and "rojo" in text


def test_columns_that_are_no_field_are_refused(client, seller):
    upload(client)
    load = Load.objects.get()

    answer = client.post(address("map_import", load), answers(load, **{"column-0": "password"}))

    assert answer.status_code == 409
    assert "There is no field password." in answer.content.decode()


def test_another_separator_gives_other_columns(client, seller):
    upload(client)
    load = Load.objects.get()

    client.post(address("map_import", load), answers(load, separator=","))

    load.refresh_from_db()
    assert len(loads.headings_of(load)) == 1
    client.post(address("map_import", load), answers(load, separator=";"))
    load.refresh_from_db()
    assert load.mapping["Correo"] == "emails"


def test_a_table_without_headings_keeps_its_first_row(client, seller):
    upload(client)
    load = Load.objects.get()
    said = answers(load)
    del said["has_header"]

    client.post(address("map_import", load), said)

    load.refresh_from_db()
    assert load.shape["table"]["sample"][0][0] == "Nombre"
    assert len(load.shape["table"]["headings"]) == 5


def test_a_wrong_encoding_is_told_and_can_be_mended(client, seller):
    upload(client, "Nombre;Correo\nMuñoz;a@x.es\n".encode("cp1252"))
    load = Load.objects.get()

    answer = client.post(address("map_import", load), answers(load, encoding="utf-8"))

    assert answer.status_code in (302, 409)
    page = client.get(address("show_import", load))
    assert page.status_code == 200


def test_a_check_tells_what_would_happen_and_writes_nothing(client, seller):
    make_contact(given_name="Eva", first_surname="Ruiz", emails=["eva@x.es"], owner=seller)
    upload(client)

    load = checked(client)

    assert (load.state, load.created, load.refused, load.rows) == ("ready", 1, 1, 3)
    assert Party.objects.count() == 1
    text = client.get(address("show_import", load)).content.decode()
    assert "Import 1 row" in text and "Download them" in text
    errors = client.get(address("import_errors", load))
    assert "attachment" in errors["Content-Disposition"]
    assert "no es un correo" in b"".join(errors.streaming_content).decode()


def test_what_was_checked_comes_in_once(client, seller):
    upload(client)
    load = checked(client)

    client.post(address("run_import", load))
    client.post(address("run_import", load))
    working = client.get(address("show_import", load), headers={"HX-Request": "true"})
    jobs.run_load(load.pk)
    jobs.run_load(load.pk)

    assert b"every 1s" in working.content
    load.refresh_from_db()
    assert (load.state, load.created, load.refused) == ("done", 2, 1)
    assert Party.objects.count() == 2
    text = client.get(address("show_import", load)).content.decode()
    assert "every 1s" not in text and "sort=-created_at" in text


@pytest.mark.django_db(transaction=True)
def test_what_came_in_is_shown_and_nothing_else(client, seller):
    old = make_contact(given_name="Zacarías", owner=seller)
    Party.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=1))
    upload(client)
    load = checked(client)
    client.post(address("run_import", load))
    jobs.run_load(load.pk)

    page = client.get(address("show_import", load)).content.decode()
    (there,) = re.findall(r'href="(/contacts\?[^"]+)"', page)
    listed = client.get(there.replace("&amp;", "&")).content.decode()

    assert "2 records" in listed and "Zacarías" not in listed


def test_nothing_is_brought_in_unchecked(client, seller):
    upload(client)
    load = Load.objects.get()

    assert client.post(address("run_import", load)).status_code == 409
    load.refresh_from_db()
    assert load.state == "new"


def test_the_mended_file_comes_in_with_the_same_columns(client, seller):
    upload(client)
    load = Load.objects.get()
    client.post(address("map_import", load), answers(load, **{"column-4": "tags"}))
    load = imported(client)
    answer = client.get(address("import_errors", load))
    mended = b"".join(answer.streaming_content).decode("utf-8-sig")

    upload(client, mended.replace("no es un correo", "luis@x.es"), "mended.csv")
    again = imported(client)

    assert again.mapping == load.mapping
    assert (again.created, again.refused) == (1, 0)
    assert Point.objects.filter(value="luis@x.es").exists()
    assert Party.objects.get(search__contains="luis@x.es").tags == ["azul"]


def test_a_stopped_check_is_not_taken_for_one(client, seller):
    upload(client)
    load = Load.objects.get()
    client.post(address("check_import", load), answers(load))
    client.post(address("cancel_import", load))

    load.refresh_from_db()
    assert load.state == "new"
    assert client.get(address("show_import", load)).status_code == 200


def test_a_cancelled_import_brings_in_nothing_more(client, seller):
    upload(client)
    load = checked(client)
    client.post(address("run_import", load))
    client.post(address("cancel_import", load))

    jobs.run_load(load.pk)

    load.refresh_from_db()
    assert load.state == "cancelled"
    assert not Party.objects.exists()
    assert client.get(address("show_import", load)).status_code == 200


def test_a_file_thrown_away_is_gone_from_the_disk(client, seller, tmp_path):
    upload(client)
    load = checked(client)
    assert b"".join(client.get(address("import_errors", load)).streaming_content)

    answer = client.post(address("discard_import", load))

    assert answer.url == reverse("desk:import")
    assert not Load.objects.exists()
    assert not [path for path in Path(tmp_path).rglob("*") if path.is_file()]


def test_what_came_in_is_kept(client, seller):
    upload(client)
    load = imported(client)

    assert client.post(address("discard_import", load)).status_code == 409
    assert Load.objects.exists()


def test_a_field_that_the_role_does_not_see_cannot_be_filled(client, seller):
    seller.role.hidden = {"contacts": ["birthday"]}
    seller.role.save()
    upload(client)
    load = Load.objects.get()

    assert "Fecha de nacimiento" not in load.mapping
    answer = client.post(address("map_import", load), answers(load, **{"column-3": "birthday"}))
    assert answer.status_code == 409


def test_cards_are_brought_in_without_columns(client, seller):
    card = "BEGIN:VCARD\nVERSION:3.0\nN:García;Ana;;;\nFN:Ana García\nEMAIL:ana@x.es\nEND:VCARD\n"
    upload(client, card, "ana.vcf")
    load = Load.objects.get()

    assert "ana@x.es" in client.get(address("show_import", load)).content.decode()
    said = {"mapped": "1", "on_duplicate": "update", "key": "any"}
    client.post(address("check_import", load), said)
    jobs.check_load(load.pk)
    load.refresh_from_db()
    assert (load.state, load.created) == ("ready", 1)


def test_rows_copied_from_a_spreadsheet_are_a_file_too(client, seller):
    rows = "Nombre\tCorreo\nAna García\tana@x.es\n"
    client.post(reverse("desk:import"), {"type": "contacts", "pasted": rows})

    load = Load.objects.get()
    assert load.mapping == {"Nombre": "name", "Correo": "emails"}


def test_a_wrong_key_and_doubtful_values_are_told(client, seller):
    upload(client, "Nombre;Cargo;Puesto;Fecha de nacimiento\nAna;a;b;03/04/1980\n")
    load = Load.objects.get()
    assert b"two ways" in client.get(address("show_import", load)).content

    said = answers(load, **{"column-2": "job_title"})
    answer = client.post(address("map_import", load), said, headers={"HX-Request": "true"})
    assert b"Several columns go to" in answer.content
    wrong = answers(load, key="password")
    assert client.post(address("map_import", load), wrong).status_code == 409


def test_the_list_of_imports_costs_the_same_for_one_as_for_many(client, seller):
    upload(client)
    cost = query_cost(client.get, reverse("desk:import"))
    for number in range(4):
        loads.start_load(io.BytesIO(TABLE.encode()), f"{number}.csv", "contacts", by=seller)

    assert query_cost(client.get, reverse("desk:import")) == cost


def test_rows_that_may_be_here_already_are_shown_and_can_be_left_out(client, seller):
    ana = make_contact(given_name="Ana", first_surname="García", owner=seller)
    upload(client)
    load = checked(client)

    page = client.get(address("show_import", load)).content.decode()
    assert "Perhaps here already" in page and ana.get_absolute_url() in page

    client.post(address("run_import", load), {"leaves_alike": "1"})
    jobs.run_load(load.pk)
    load.refresh_from_db()
    assert (load.created, load.refused) == (1, 2)
