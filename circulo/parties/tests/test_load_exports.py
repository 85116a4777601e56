"""Contacts and companies as HubSpot, Salesforce, Google, Outlook and Odoo hand them out."""

import csv
from datetime import date

import pytest

from circulo.lib.errors import RuleBroken
from circulo.parties.models import Party, Point
from circulo.parties.tests.test_load_contacts import counts, given, loaded, started
from circulo.records.actions import asking, loads, running
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db

GOOGLE = """\
First Name,Middle Name,Last Name,Name Prefix,Nickname,Organization Name,Organization Title,\
Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,\
Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,\
Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Region,\
Address 1 - Postal Code,Address 1 - Country,Address 2 - Street,Address 2 - City,Website 1 - Value
Ana,María,García-Huidobro Pérez,Dra.,Pepa,Clínica Sur SL,Directora médica,1978-03-09,\
Prefiere llamadas,VIP ::: * myContacts,* Work,ana@sur.example,Home,\
a@casa.example ::: b@casa.example,,,Mobile,+34 612 34 56 78,Home,"Calle Betis 12
41010 Sevilla",Calle Betis 12,Sevilla,Sevilla,41010,ES,Calle Sol 3,Cádiz,https://pepa.example
"""
OUTLOOK = """\
"Title","First Name","Middle Name","Last Name","Company","Job Title","Business Street",\
"Business City","Business State","Business Postal Code","Business Country/Region","Home Street",\
"Home City","Business Fax","Business Phone","Mobile Phone","Birthday","Categories",\
"E-mail Address","E-mail Type"
"Mr.","Tom","A.","O'Neil","Fabrikam, Inc.","VP, Sales","1 Main St.
Suite 4","Boston","MA","02110","United States of America","9 Elm St","Salem","+1 617 555 0100",\
"+1 617-555-0134","+1 (617) 555-0177","7/24/1976","Key;Partner","tom@fabrikam.example","SMTP"
"","Ana","","Núñez","","","","","","","","Av. Siempre Viva 742","Madrid","","","600 11 22 33",\
"0/0/00","","ana@nunez.example","SMTP"
"""
HUBSPOT = """\
Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,\
Associated Company,Lifecycle Stage,Job Title,City,Country/Region
101,Brian,Halligan,bh@hubspot.example,(877) 929-0687,Nadie Conocido,New,2023-11-05 09:01,HubSpot,\
Lead,CEO,Cambridge,United States
102,Maria,Johnson,maria@hubspot.example,,Elena Vidal,Open,2023-11-05 09:02,,Customer,Salesperson,\
Brisbane,Australia
"""
SALESFORCE = """\
Id,AccountId,Account.Name,Salutation,FirstName,LastName,Title,Email,Phone,MobilePhone,Fax,\
MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,LeadSource,Birthdate,OwnerId
0035g00000AbCdE,0015g00000XyZ,Burlington Textiles,Mr.,Jack,Rogers,VP Facilities,\
jack@burlington.example,+1 336 222 7000,+1 336 222 7001,+1 336 222 8000,525 S. Lexington Ave,\
Burlington,NC,27215,USA,Web,1965-09-12,0055g000
"""
ODOO = """\
id,name,company_type,parent_id/name,email,phone,street,zip,city,state_id/name,country_id/name,\
category_id/name,function,lang,user_id/name,comment
__export__.res_partner_1,Azure Interior,company,,azure@interior.example,,4557 De Silva St,94538,\
Fremont,California,United States,,,en_US,Elena Vidal,
__export__.res_partner_2,Brandon Freeman,person,Azure Interior,brandon@azure.example,,,,,,,\
"Clientes,VIP",Creative Director,es_ES,Elena Vidal,Llamar por la tarde
"""


def only(email: str) -> Party:
    return Party.objects.get(points__value=email)


def firm(party: Party) -> str:
    return party.company.name if party.company else ""


def ways(party: Party, kind: str) -> list[tuple[str, str]]:
    return list(party.points.filter(kind=kind).order_by("position").values_list("value", "label"))


def test_google(tmp_path):
    assert loaded(given(tmp_path, GOOGLE), "contacts") == (1, 0, 0, 0)
    ana = only("ana@sur.example")
    assert (ana.given_name, ana.first_surname, ana.second_surname) == (
        "Ana María", "García-Huidobro", "Pérez",
    )  # fmt: skip
    assert (ana.title, ana.preferred_name, ana.job_title) == ("Dra.", "Pepa", "Directora médica")
    assert firm(ana) == "Clínica Sur SL"
    assert (ana.birthday, ana.tags) == (date(1978, 3, 9), ["VIP"])
    assert ways(ana, Point.Kind.EMAIL) == [
        ("ana@sur.example", "Work"), ("a@casa.example", "Home"), ("b@casa.example", "Home"),
    ]  # fmt: skip
    # The first phone is blank, and the label of the second is still its own.
    assert ways(ana, Point.Kind.PHONE) == [("+34612345678", "cell")]
    streets = ana.addresses.order_by("position").values_list("street", "city", "is_primary")
    assert list(streets) == [("Calle Betis 12", "Sevilla", True), ("Calle Sol 3", "Cádiz", False)]


def test_outlook(tmp_path):
    file = given(tmp_path, OUTLOOK, encoding="cp1252")
    assert loaded(file, "contacts") == (2, 0, 0, 0)
    tom = only("tom@fabrikam.example")
    assert (tom.given_name, tom.title, tom.job_title) == ("Tom A.", "Mr.", "VP, Sales")
    assert tom.birthday == date(1976, 7, 24)
    assert ways(tom, Point.Kind.EMAIL) == [("tom@fabrikam.example", "")]
    assert ways(tom, Point.Kind.PHONE) == [("+16175550134", "work"), ("+16175550177", "cell")]
    assert ways(tom, Point.Kind.FAX) == [("+16175550100", "")]
    places = tom.addresses.order_by("position").values_list("label", "street", "city", "country")
    assert list(places) == [
        ("", "1 Main St. Suite 4", "Boston", "US"), ("home", "9 Elm St", "Salem", ""),
    ]  # fmt: skip
    ana = only("ana@nunez.example")
    assert (ana.birthday, ana.addresses.get().street) == (None, "Av. Siempre Viva 742")
    assert loaded(file, "contacts") == (0, 0, 2, 0)  # brought in again nothing is new


def test_a_second_address_is_mended_where_it_stands(tmp_path):
    loaded(given(tmp_path, OUTLOOK), "contacts")
    assert loaded(given(tmp_path, OUTLOOK.replace("9 Elm", "10 Elm")), "contacts") == (0, 1, 1, 0)
    tom = only("tom@fabrikam.example")
    assert sorted(tom.addresses.values_list("street", flat=True)) == [
        "1 Main St. Suite 4", "10 Elm St",
    ]  # fmt: skip
    assert tom.addresses.filter(is_primary=True).count() == 1


def test_hubspot_with_an_owner_that_does_not_work_here(tmp_path):
    elena = make_user("seller", name="Elena Vidal")
    load = running.run_load(started(given(tmp_path, HUBSPOT), "contacts"))
    assert counts(load) == (2, 0, 0, 0)
    assert only("maria@hubspot.example").owner == elena
    brian = only("bh@hubspot.example")
    assert (brian.owner, firm(brian), brian.lifecycle) == (None, "HubSpot", "lead")
    assert list(load.remarks.values()) == [1]
    assert "Nadie Conocido" in next(iter(load.remarks))
    # Who has an owner keeps them.
    brian.owner = elena
    brian.save()
    assert loaded(given(tmp_path, HUBSPOT), "contacts") == (0, 0, 2, 0)
    assert only("bh@hubspot.example").owner == elena


def test_a_check_tells_of_owners_as_well(tmp_path):
    make_user("seller", name="Elena Vidal")
    load = running.check_load(started(given(tmp_path, HUBSPOT), "contacts"))
    assert counts(load) == (2, 0, 0, 0)
    assert list(load.remarks.values()) == [1]


def test_salesforce(tmp_path):
    assert loaded(given(tmp_path, SALESFORCE), "contacts") == (1, 0, 0, 0)
    jack = only("jack@burlington.example")
    assert (jack.given_name, jack.first_surname, jack.title) == ("Jack", "Rogers", "Mr.")
    assert (jack.job_title, jack.source) == ("VP Facilities", "Web")
    assert firm(jack) == "Burlington Textiles"
    assert ways(jack, Point.Kind.PHONE) == [("+13362227000", ""), ("+13362227001", "cell")]
    place = jack.addresses.get()
    assert (place.street, place.city, place.postal_code) == (
        "525 S. Lexington Ave", "Burlington", "27215",
    )  # fmt: skip
    assert (place.region, place.country) == ("NC", "US")


def test_a_title_without_a_salutation_is_that_of_a_job(tmp_path):
    text = SALESFORCE.replace(",Salutation,", ",Sal.,").replace("Id,AccountId,", "x,AccountId,")
    loaded(given(tmp_path, text), "contacts")
    jack = only("jack@burlington.example")
    assert (jack.title, jack.job_title) == ("", "VP Facilities")


def test_odoo_keeps_people_and_companies_in_one_table(tmp_path):
    elena = make_user("seller", name="Elena Vidal")
    file = given(tmp_path, ODOO)
    companies = running.run_load(started(file, "companies"))
    assert counts(companies) == (1, 0, 0, 1)
    azure = Party.objects.organisations().get()
    place = azure.addresses.get()
    assert (azure.trade_name, place.city, place.region, place.country) == (
        "Azure Interior", "Fremont", "California", "US",
    )  # fmt: skip
    people = running.run_load(started(file, "contacts"))
    assert counts(people) == (1, 0, 0, 1)
    brandon = only("brandon@azure.example")
    assert (brandon.given_name, brandon.first_surname) == ("Brandon", "Freeman")
    assert (brandon.company, brandon.owner) == (azure, elena)
    assert (brandon.job_title, brandon.language) == ("Creative Director", "es")
    assert (brandon.tags, brandon.notes) == (["Clientes", "VIP"], "Llamar por la tarde")
    path = loads.error_file(people)
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as refused:
        row = next(iter(csv.DictReader(refused)))
    assert row["name"] == "Azure Interior"


def test_our_own_identifiers_are_still_known(tmp_path):
    ana = make_contact(given_name="Ana", first_surname="Gil")
    text = f"id,job_title\n{ana.public_id},Jefa\n"
    assert loaded(given(tmp_path, text), "contacts") == (0, 1, 0, 0)
    ana.refresh_from_db()
    assert ana.job_title == "Jefa"


def test_a_table_of_which_no_column_is_known_is_refused_at_once(tmp_path, in_english):
    load = started(given(tmp_path, "Ana,Gil,ana@x.example\nLuis,Sanz,luis@x.example\n"), "contacts")
    for act in (running.check_load, running.run_load, asking.ask_check, loads.send_load):
        with pytest.raises(RuleBroken, match="say which field"):
            act(load)
    load = loads.map_columns(load, mapping={"Column 3": "emails", "Column 1": "given_name"})
    assert counts(running.run_load(load)) == (2, 0, 0, 0)
