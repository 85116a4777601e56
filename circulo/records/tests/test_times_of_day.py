"""An own field that holds a time of day: typed, filtered, sorted, brought in, changed into one."""

import json
from datetime import time

import pytest
from django.core.management import call_command
from django.utils import translation

from circulo.api.tests.calls import Program
from circulo.lib import format as fmt
from circulo.lib.acting import acting
from circulo.lib.clock import time_of
from circulo.lib.errors import Invalid
from circulo.lib.readers import values as cells
from circulo.parties.actions import change_party
from circulo.parties.drafts import read
from circulo.parties.models import Party
from circulo.records import criteria
from circulo.records.actions.own_fields import add_field
from circulo.records.models import LoadRefusal
from circulo.records.own.converting import converted
from circulo.records.resources import resource
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin", language="en", region="en-US")
    client.force_login(user)
    return user


@pytest.fixture
def opens(admin):
    return add_field("contacts", "time", {"label_es": "Abre"}, by=admin)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("9:30", time(9, 30)), ("09:30:59", time(9, 30)), ("9.30", time(9, 30)),
     ("9:30 pm", time(21, 30)), ("12:05 AM", time(0, 5)), ("24:00", None), ("13:00 pm", None),
     ("9:60", None), ("soon", None), ("930", None)],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(text, meant):
    assert time_of(text) == meant


def test_a_cell_may_hold_a_moment_or_what_a_spreadsheet_counts():
    assert cells.clock("0,395833333") == time(9, 30)
    assert cells.clock("28/02/2026 18:05") == time(18, 5)
    assert cells.clock("") is None
    for wrong in ("2026-02-28", "noon", "1.5"):
        with pytest.raises(cells.Refused):
            cells.clock(wrong)


def test_it_is_typed_in_a_form_shown_as_the_region_writes_it_and_filtered(client, admin, opens):
    said = {"given_name": "Ana", "lifecycle": "contact", "tax_country": "ES", "sure": "1"}
    assert 'type="time"' in client.get("/contacts/new").content.decode()
    assert client.post("/contacts/new", said | {"custom.abre": "noon"}).status_code == 422
    ana = client.post("/contacts/new", said | {"custom.abre": "17:45"}).url
    make_contact(owner=admin, given_name="Eva", custom={"abre": "08:00"})
    make_contact(owner=admin, given_name="Nadie")

    assert Party.objects.get(given_name="Ana").custom == {"abre": "17:45"}
    page = client.get(ana).content.decode().replace("\u202f", " ")
    assert "5:45 PM" in page
    listed = client.get("/contacts", {"columns": "name,custom.abre", "sort": "custom.abre"})
    text = listed.content.decode().replace("\u202f", " ")
    assert "5:45 PM" in text and text.index("8:00 AM") < text.index("5:45 PM")

    def found(op, value):
        about = resource("contacts")
        asked = {"field": "custom.abre", "op": op, "value": value}
        rows = criteria.narrow(about.visible(admin), about, asked, admin)
        return sorted(rows.values_list("given_name", flat=True))

    assert found("lt", "9:00") == ["Eva"] and found("gte", "17:45") == ["Ana"]
    assert found("between", ["07:00", "18:00"]) == ["Ana", "Eva"] and found("is", "8:00") == ["Eva"]
    assert found("empty", True) == ["Nadie"]
    with pytest.raises(criteria.BadCriteria):
        found("lt", "noon")


def test_a_condition_is_chosen_and_told_in_words(client, admin, opens):
    asked = '{"all":[{"field":"custom.abre","op":"lt","value":"09:30"}]}'
    page = client.get("/contacts", {"filter": asked}).content.decode().replace("\u202f", " ")
    assert "Abre is before 9:30 AM" in page


def test_moments_and_texts_become_times_of_day_where_they_say_one(admin, opens):
    with translation.override("es"):
        assert converted(opens, "2026-02-28T10:00:00Z") == "11:00"
        assert converted(opens, "7:05") == "07:05"
        for wrong in ("2026-02-28", "Ana", "2026-99-99T10:00:00Z"):
            with pytest.raises(Invalid):
                converted(opens, wrong)


def test_spanish_writes_it_with_24_hours():
    with fmt.use(fmt.get("es-ES", "es", "Europe/Madrid")):
        assert fmt.clock(time(17, 45)) == "17:45" and fmt.clock(None) == ""


def test_spanish_says_a_condition_on_it_with_its_article(client, opens):
    client.force_login(make_user("admin", language="es", region="es-ES"))
    for op, value, words in (("lt", "09:30", "Abre es antes de las 09:30"),
                             ("between", ["9:00", "14:00"], "Abre está entre las 09:00 y 14:00"),
                             ("gte", "9:00", "Abre es desde las 09:00")):  # fmt: skip
        asked = json.dumps({"all": [{"field": "custom.abre", "op": op, "value": value}]})
        assert words in client.get("/contacts", {"filter": asked}).content.decode()


def test_the_api_gives_and_takes_it(admin, opens):
    api = Program(admin)

    made = api.post("contacts", {"given_name": "Ana", "custom": {"abre": "9:30"}}).json()
    assert made["custom"]["abre"] == "09:30"
    changed = api.patch(f"contacts/{made['id']}", {"custom": {"abre": "21:05"}}).json()
    assert changed["custom"]["abre"] == "21:05"
    refused = api.patch(f"contacts/{made['id']}", {"custom": {"abre": "noon"}})
    assert refused.status_code == 422 and "custom.abre" in refused.json()["error"]["fields"]
    early = json.dumps({"field": "custom.abre", "op": "lt", "value": "12:00"})
    assert api.get("contacts", filter=early).json()["items"] == []
    emptied = api.patch(f"contacts/{made['id']}", {"custom": {"abre": None}}).json()
    assert emptied["custom"].get("abre") is None


def test_a_change_of_it_is_told_in_the_history_as_the_region_writes_it(client, admin, opens):
    party = make_contact(owner=admin, custom={"abre": "09:30"})
    draft = read({"custom": {"abre": "17:45"}}, party.kind, partial=True)
    with acting(admin.pk, "screen"):
        change_party(party, draft, by=admin)

    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()
    page = page.replace("\u202f", " ")
    assert "Abre" in page and "9:30 AM" in page and "5:45 PM" in page
    told = Program(admin).get(f"contacts/{party.public_id}/history").json()["items"]
    (line,) = [one for one in told if one["field"] == "custom.abre"]
    assert (line["label"], line["act"]) == ("Abre", "changed")
    assert [line[way].replace("\u202f", " ") for way in ("from", "to")] == ["9:30 AM", "5:45 PM"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl", "parquet"])
def test_it_is_handed_out_and_comes_in_again(admin, opens, tmp_path, capsys, ending):
    ana = make_contact(owner=admin, given_name="Ana", custom={"abre": "17:45"})
    file = tmp_path / f"c.{ending}"
    call_command("dump", "contacts", str(file))

    call_command("load", str(file), "--as", "contacts", "--json")
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["skipped"], said["refused"]) == (1, 0)
    Party.objects.filter(pk=ana.pk).update(custom={})
    call_command("load", str(file), "--as", "contacts", "--json")

    assert json.loads(capsys.readouterr().out.splitlines()[-1])["updated"] == 1
    ana.refresh_from_db()
    assert ana.custom == {"abre": "17:45"}


def test_a_file_that_says_no_time_is_refused_and_tells_the_column(admin, opens, tmp_path, capsys):
    file = tmp_path / "c.csv"
    file.write_text("Nombre,Abre\nAna,9:30\nEva,mediodía\n", encoding="utf-8")

    call_command("load", str(file), "--as", "contacts", "--json")

    said = json.loads(capsys.readouterr().out)
    assert (said["created"], said["refused"]) == (1, 1)
    assert Party.objects.get().custom == {"abre": "09:30"}
    assert "Abre" in LoadRefusal.objects.get().reason
