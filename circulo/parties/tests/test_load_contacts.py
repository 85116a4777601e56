"""Contacts and companies from files: real ones, and small ones that tell one thing each."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from circulo.lib import ids
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.readers import tables, writers
from circulo.lib.readers.tests.reference import reference
from circulo.parties.models import Party, PartyKind, Point, PostalAddress, Relationship
from circulo.records.actions import loads, running
from circulo.records.actions.own_fields import add_field
from circulo.records.load_types import load_types
from circulo.records.models import Load, LoadRefusal
from circulo.records.sources import shown
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def started(path: Path, type_name: str, *, by=None, mapping=None, **options) -> Load:
    with path.open("rb") as file:
        load = loads.start_load(file, path.name, type_name, by=by)
    return loads.map_columns(load, mapping=load.mapping | (mapping or {}), options=options)


def loaded(path: Path, type_name: str, **told) -> tuple[int, int, int, int]:
    load = running.run_load(started(path, type_name, **told))
    assert load.state == Load.State.DONE
    return counts(load)


def counts(load: Load) -> tuple[int, int, int, int]:
    return load.created, load.updated, load.skipped, load.refused


def given(tmp_path: Path, text: str, name: str = "given.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def dumped(path: Path, type_name: str) -> Path:
    dump = load_types()[type_name].dumped
    assert dump is not None
    headings, rows = dump(make_user("admin"), {})
    writers.write(path, headings, rows)
    return path


def test_the_accounts_of_a_real_firm_come_in_once_and_go_out_and_in_unchanged(tmp_path):
    accounts = reference("crm_sales") / "accounts.csv"

    assert loaded(accounts, "companies") == (85, 0, 0, 0)
    assert loaded(accounts, "companies") == (0, 0, 85, 0)

    acme = Party.objects.get(trade_name="Acme Corporation")
    assert (acme.industry, acme.founded, acme.size) == ("technolgy", 1996, 2822)
    assert acme.addresses.get().country == "US"
    child = Party.objects.get(trade_name="Bluth Company").people.first() or acme.people.first()
    assert child is not None
    assert Relationship.objects.filter(party=child, kind="parent_company", until=None).exists()
    for ending in ("csv", "xlsx", "jsonl"):
        path = dumped(tmp_path / f"out.{ending}", "companies")
        assert loaded(path, "companies") == (0, 0, 85, 0)


def test_every_card_of_real_programs_comes_in_and_goes_out_and_in_unchanged(tmp_path):
    taken = [loaded(path, "contacts") for path in sorted(reference("import/vcard").iterdir())]

    assert len(taken) == 12
    assert sum(refused for *_rest, refused in taken) == 0
    doe = Party.objects.get(points__value="jdoe@hotmail.com")
    assert (doe.given_name, doe.first_surname) == ("John", "Doe")
    assert doe.company == Party.objects.get(trade_name="Company, The")
    assert "BusinessPhone" in doe.notes
    contacts = Party.objects.people().count()
    path = dumped(tmp_path / "out.csv", "contacts")
    assert loaded(path, "contacts") == (0, 0, contacts, 0)


SPANISH = (
    "Nombre;Apellidos;Correo electrónico;Móvil;Empresa;Cargo;F. nacimiento;Etiquetas;Provincia\n"
    "Íñigo;Núñez de la Peña;inigo@ejemplo.es;600 111 222;Molinos S.L.;Molinero;;vip, 2026;Cuenca\n"
    "José Luis;García;jl@ejemplo.es;;Molinos S.L.;;;;\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_spanish_table_makes_contacts_with_their_company(tmp_path, encoding):
    assert loaded(given(tmp_path, SPANISH, encoding=encoding), "contacts") == (2, 0, 0, 0)

    inigo = Party.objects.get(points__value="inigo@ejemplo.es")
    assert (inigo.first_surname, inigo.second_surname) == ("Núñez", "de la Peña")
    assert inigo.points.get(kind="phone").value == "+34600111222"
    assert (inigo.points.get(kind="phone").label, inigo.tags) == ("cell", ["vip", "2026"])
    assert inigo.addresses.get().region == "Cuenca"
    company = Party.objects.organisations().get()
    assert set(company.people.values_list("given_name", flat=True)) == {"Íñigo", "José Luis"}
    assert inigo.search.startswith("inigo nunez de la pena")


def test_a_blank_cell_leaves_what_is_there_and_only_changes_count(tmp_path):
    ana = make_contact(given_name="Ana", first_surname="Gil", emails=["ana@x.es"], tags=["vip"])
    text = (
        "First Name,Last Name,Email,Job Title,Tags,Phone\n"
        "Ana,,ana@x.es,Director,new,\n,,ANA@x.es,,,\n,,,,,\n"
    )

    assert loaded(given(tmp_path, text), "contacts") == (0, 1, 1, 0)

    ana.refresh_from_db()
    assert (ana.first_surname, ana.job_title, ana.tags) == ("Gil", "Director", ["vip", "new"])
    assert ana.version == 2
    assert loaded(given(tmp_path, text), "contacts") == (0, 0, 2, 0)


def test_rows_on_the_same_person_become_one_contact(tmp_path):
    text = "Name,Email,Phone\nAna Gil,a@x.es,\nAna Gil,A@X.ES,600111222\nAna Gil,a@x.es,\n"

    assert loaded(given(tmp_path, text), "contacts") == (1, 1, 1, 0)

    ana = Party.objects.people().get()
    assert ana.points.get(kind="phone").value == "+34600111222"


@pytest.mark.parametrize(
    ("choice", "expected", "people"),
    [("create", (2, 0, 0, 0), 3), ("update", (1, 1, 0, 0), 2), ("skip", (1, 0, 1, 0), 2)],
)
def test_the_user_decides_what_happens_to_those_who_are_there(tmp_path, choice, expected, people):
    make_contact(emails=["ana@x.es"])
    path = given(tmp_path, "Name,Email\nAna Gil,ana@x.es\nLuis Gil,luis@x.es\n")

    assert loaded(path, "contacts", on_duplicate=choice) == expected

    assert Party.objects.people().count() == people


def test_refused_rows_stop_no_others_and_can_be_mended_and_loaded(tmp_path):
    text = (
        "Nombre,Apellidos,Email,Cumpleaños,País,Propietario\n"
        "Ana,Gil,not an address,,,\n"
        "Luis,Gil,luis@x.es,31/02/1980,,\n"
        "Eva,Gil,eva@x.es,13/02/1980,Narnia,\n"
        "Leo,Gil,leo@x.es,13/02/1980,,nobody@x.es\n"
        "Sol,Gil,sol@x.es,14/02/1980,España,\n"
        ",,,,,\n"
        ",,,14/02/1980,,\n"
    )

    load = running.run_load(started(given(tmp_path, text), "contacts"))

    assert counts(load) == (2, 0, 0, 4)
    assert "nobody@x.es" in next(iter(load.remarks))
    path = loads.error_file(load)
    assert path is not None
    shape = tables.sniff(path)
    rows = list(tables.rows(path, shape))
    assert [row[2] for row in rows] == ["not an address", "luis@x.es", "eva@x.es", ""]
    assert all(row[-1] for row in rows)
    mended = given(tmp_path, path.read_text("utf-8-sig").replace("not an address", "ana@x.es"))
    assert loaded(mended, "contacts") == (1, 0, 0, 3)


def test_a_refused_row_is_told_every_column_at_fault(tmp_path, in_english):
    add_field("contacts", "number", {"label_es": "Puntos"}, by=None)
    text = (
        "Name,Email,Phone,Birthday,Country,Owner,Identifier,Puntos\n"
        "Ana,nothing,abc,soon,Nowhere,Nobody,x,many\n"
    )

    file = given(tmp_path, text)
    load = running.run_load(started(file, "contacts", mapping={"Identifier": "id"}))

    reason = load.refusals.get().reason
    for word in ("nothing", "phone number", "soon", "Nowhere", "“x”", "many"):
        assert word in reason
    assert not load.remarks  # of what was not taken at all nothing is said beside the reason


def test_a_check_says_what_would_happen_and_writes_nothing(tmp_path):
    make_contact(given_name="Ana", first_surname="Gil", emails=["ana@x.es"])
    text = "Name,Email,Company\nAna Gil,ana@x.es,New Firm\nLuis,luis@x.es,\nLuis,luis@x.es,\nX,y,\n"
    load = started(given(tmp_path, text), "contacts")

    load = running.check_load(load)

    assert (load.state, counts(load)) == (Load.State.READY, (1, 0, 2, 1))
    assert Party.objects.count() == 1
    assert counts(running.run_load(load)) == (1, 1, 1, 1)


def test_the_preview_shows_what_is_understood(tmp_path):
    load = started(given(tmp_path, "Nombre,Correo\nAna,ana@x.es\nLuis,nowhere\n"), "contacts")
    first, second = loads.preview(load)
    assert (first[0], first[2]) == (2, "")
    assert shown(first[1]) == {"name": "Ana", "emails": "ana@x.es"}
    assert "nowhere" in second[2]


def test_what_a_role_does_not_see_it_cannot_fill(tmp_path, in_english):
    seller = make_user("seller")
    seller.role.hidden = {"contacts": ["tax_id", "addresses"]}
    seller.role.save()
    path = given(tmp_path, "Name,NIF,City\nAna,12345678Z,Soria\n")
    assert started(path, "contacts", by=seller).mapping == {"Name": "name"}
    with pytest.raises(Invalid, match="no field"):
        started(path, "contacts", by=seller, mapping={"NIF": "tax_id"})
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Eva Gil\nADR:;;Mayor 1;Soria;;;\nEND:VCARD\n"
    assert loaded(given(tmp_path, card, "eva.vcf"), "contacts", by=seller) == (1, 0, 0, 0)
    assert not Party.objects.get(given_name="Eva").addresses.exists()


def test_the_cards_of_companies_in_an_address_book_are_no_people(tmp_path, in_english):
    book = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\n{lines}END:VCARD\n"
        for lines in ("N:Gil;Eva;;;\nFN:Eva Gil\nORG:Duero SL\n",
                      "N:;;;;\nFN:Duero SL\nORG:Duero SL\nX-ABShowAs:COMPANY\n",
                      "VERSION:4.0\nKIND:org\nFN:Molinos SA\n")
    )  # fmt: skip
    path = given(tmp_path, book, "book.vcf")

    assert loaded(path, "contacts") == (1, 0, 0, 2)
    assert [one.name for one in Party.objects.people()] == ["Eva Gil"]
    told = LoadRefusal.objects.values_list("reason", flat=True)
    assert {*told} == {"This is a company: bring it in with the companies."}
    assert loaded(path, "companies") == (1, 0, 2, 0)
    assert {one.name for one in Party.objects.organisations()} == {"Duero SL", "Molinos SA"}


def test_columns_can_be_mapped_by_hand_and_unknown_fields_are_refused(tmp_path, in_english):
    path = given(tmp_path, "A,B\nAna,ana@x.es\n")
    assert started(path, "contacts").mapping == {}
    with pytest.raises(Invalid, match="no field"):
        started(path, "contacts", mapping={"A": "shoe_size"})
    assert loaded(path, "contacts", mapping={"A": "name", "B": "emails:work"}) == (1, 0, 0, 0)
    assert Point.objects.get().label == "work"


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        ("First Name,Last Name,Email,Mobile Phone Number,Lifecycle Stage,Contact owner",
         "given_name,surnames,emails,phones:cell,lifecycle,owner"),
        ("First Name,Last Name,Account Name,Title,Mailing Street,Mailing Zip/Postal Code,Mobile",
         "given_name,surnames,company,job_title,street,postal_code,phones:cell"),
        ("Given Name,Family Name,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value,"
         "Organization 1 - Name",
         "given_name,surnames,emails,emails,phones,company"),
        ("First Name,Last Name,E-mail Address,E-mail 2 Address,Business Phone,Home Phone,Company",
         "given_name,surnames,emails,emails,phones:work,phones:home,company"),
        ("Nombre,Primer apellido,Segundo Apellido,NIF,Teléfono móvil,C.P.,Población",
         "given_name,first_surname,second_surname,tax_id,phones:cell,postal_code,city"),
        ("Nombre completo,Correo electrónico 2,Puesto de trabajo,Empresa",
         "name,emails,job_title,company"),
    ],
)  # fmt: skip
def test_the_headings_of_other_programs_are_known(tmp_path, headings, targets):
    columns = headings.split(",")
    path = given(tmp_path, headings + "\n" + ",".join("x" * len(columns)) + "\n")
    mapping = started(path, "contacts").mapping
    assert [mapping.get(column, "") for column in columns] == targets.split(",")


def test_nobody_changes_or_learns_of_what_they_may_not_see(tmp_path, in_english):
    seller = make_user("seller", team=make_team())
    stranger = make_contact(
        given_name="Ana", emails=["ana@x.es"], owner=make_user(team=make_team())
    )
    colleague = make_user("seller", team=seller.team)
    make_contact(given_name="Eva", emails=["eva@x.es"], owner=colleague)
    path = given(tmp_path, "Name,Email\nOther Name,ana@x.es\nEva Other,eva@x.es\nLuis,luis@x.es\n")

    load = running.run_load(started(path, "contacts", by=seller))

    assert counts(load) == (2, 0, 0, 1)
    assert "may not change" in load.refusals.get().reason
    stranger.refresh_from_db()
    assert (stranger.given_name, stranger.version) == ("Ana", 1)
    assert Party.objects.filter(owner=seller).count() == 2


def test_who_may_not_add_contacts_may_not_load_them(tmp_path):
    with pytest.raises(RuleBroken):
        started(given(tmp_path, "Name\nAna\n"), "contacts", by=make_user("auditor"))


def test_two_who_share_the_key_are_not_mixed_up(tmp_path):
    make_contact(emails=["info@x.es"])
    make_contact(emails=["info@x.es"])
    path = given(tmp_path, "Name,Email\nAna,info@x.es\n")
    assert loaded(path, "contacts") == (0, 0, 0, 1)


def test_a_new_company_ends_the_old_relationship(tmp_path):
    old = make_company(name="Old Firm")
    ana = make_contact(given_name="Ana", emails=["ana@x.es"], company=old)

    loaded(given(tmp_path, "Email,Company\nana@x.es,New Firm\n"), "contacts")

    ana.refresh_from_db()
    assert ana.company is not None and ana.company.trade_name == "New Firm"
    ended = Relationship.objects.get(party=ana, other=old)
    assert ended.until is not None
    assert Relationship.objects.filter(party=ana, other=ana.company, until=None).exists()


def test_a_company_that_is_missing_may_be_refused(tmp_path):
    path = given(tmp_path, "Name,Email,Company\nAna,ana@x.es,Nowhere\n")
    assert loaded(path, "contacts", makes_missing=False) == (0, 0, 0, 1)


def test_an_identifier_finds_its_record_and_a_wrong_one_is_refused(tmp_path):
    ana = make_contact(given_name="Ana", emails=["ana@x.es"])
    gone = ids.encode("party", 999_999)
    text = f"id,Name,Email\n{ana.public_id},Anna,anna@x.es\n{gone},Luis,\nnonsense,Eva,\n"
    assert loaded(given(tmp_path, text), "contacts") == (0, 1, 0, 2)
    ana.refresh_from_db()
    assert ana.given_name == "Anna"


def test_the_region_of_a_language_survives_a_dump_and_a_load(tmp_path):
    make_contact(given_name="Ana", language="es-mx")
    path = dumped(tmp_path / "out.csv", "contacts")

    assert loaded(path, "contacts") == (0, 0, 1, 0)
    assert Party.objects.get(given_name="Ana").language == "es-mx"


def test_labels_and_several_addresses_survive_a_dump_and_a_load(tmp_path):
    make_contact(
        given_name="Ana",
        emails=[
            {"value": "a@x.es", "label": "work"},
            {"value": "b@x.es", "label": "home", "primary": True},
        ],
        phones=["+34600111222"],
        notes='=1+1\nand "more"; here',
        tags=["a b", "c"],
    )  # fmt: skip
    path = dumped(tmp_path / "out.csv", "contacts")
    assert loaded(path, "contacts") == (0, 0, 1, 0)

    Party.objects.all().delete()
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = [row[1:] for row in csv.reader(file)]
    writers.write(tmp_path / "new.csv", table[0], table[1:])
    rows = list(tables.rows(tmp_path / "new.csv", tables.sniff(tmp_path / "new.csv")))
    writers.write(
        tmp_path / "again.csv", table[0], [[c.removeprefix("'") for c in r] for r in rows]
    )
    assert loaded(tmp_path / "again.csv", "contacts") == (1, 0, 0, 0)

    ana = Party.objects.people().get()
    points = ana.points.filter(kind="email").order_by("position").values_list("value", "label")
    assert list(points) == [("b@x.es", "home"), ("a@x.es", "work")]
    assert (ana.notes, ana.tags) == ('=1+1\nand "more"; here', ["a b", "c"])


def test_a_row_that_the_database_refuses_stops_no_others(tmp_path, monkeypatch):
    from circulo.parties.actions import loading

    monkeypatch.setattr(loading, "_nameless", lambda draft: "")
    text = "Name,City,Job Title\n" + "".join(f"Ana {n},Soria,x\n" for n in range(7)) + ",Soria,y\n"
    assert loaded(given(tmp_path, text), "contacts") == (7, 0, 0, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_many_rows_in_every_encoding(tmp_path, encoding):
    rows = (f"José {n},Núñez,p{n}@x.es,+346{n:08d},Firma {n % 50}\n" for n in range(6_000))
    path = given(tmp_path, "Nombre,Apellido,Email,Tel,Empresa\n" + "".join(rows), encoding=encoding)
    assert loaded(path, "contacts") == (6_000, 0, 0, 0)
    assert Party.objects.filter(kind=PartyKind.ORGANISATION).count() == 50
    assert Party.objects.filter(given_name="José 5999").exists()


def test_a_list_of_customers_at_home_says_no_country_and_lies_in_a_province(tmp_path):
    rows = ("Eva,8013,Barcelona,", "Ian,SW1A1AA,London,Reino Unido", "Rui,4000-012,Porto,")
    path = given(tmp_path, "\n".join(["Nombre,CP,Ciudad,País", *rows]))
    assert loaded(path, "contacts") == (3, 0, 0, 0)
    said = PostalAddress.objects.values_list("city", "postal_code", "country", "province")
    assert set(said) == {
        ("Barcelona", "08013", "ES", "08"), ("London", "SW1A 1AA", "GB", ""),
        ("Porto", "4000-012", "", ""),
    }  # fmt: skip


def test_the_shape_can_be_mended(tmp_path):
    load = started(given(tmp_path, "Name,Birthday\nAna,03/04/1980\n"), "contacts")
    assert load.shape["table"]["notes"]
    load = loads.map_columns(load, table={"date_order": "MDY"})
    running.run_load(load)
    assert Party.objects.get().birthday == date(1980, 3, 4)
    assert json.dumps(load.shape)
