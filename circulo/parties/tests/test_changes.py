"""The changes of a record: told field by field, put back one by one, hidden where fields are."""

import re

import pytest

from circulo.accounts.models import Role
from circulo.lib.acting import acting
from circulo.parties import actions
from circulo.parties.drafts import read
from circulo.records.actions.own_fields import add_field
from circulo.records.history import history_of
from circulo.records.models import ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def change(party, by, **said):
    with acting(by.pk, "screen"):
        company = said.pop("company", None)
        draft = read(said, party.kind, partial=True)
        if company:
            draft.columns["company_id"] = company.pk
        actions.change_party(party, draft, by=by)


def lines(user, party):
    found = history_of(user, "party", party.pk).lines
    return [(line.label, line.before, line.after) for line in found]


def test_each_field_is_told_with_its_words(user, in_english):
    company = make_company(name="Acme")
    party = make_contact(owner=user, lifecycle="lead", phones=["+34600000001"])
    change(party, user, lifecycle="customer", birthday="1980-02-14", company=company, phones=[])

    told = lines(user, party)

    assert ("Lifecycle", "Lead", "Customer") in told
    assert ("Company", "", "Acme") in told
    assert ("Phone", "600 00 00 01", "") in told
    assert any(label == "Birthday" and "1980" in after for label, _old, after in told)


def test_own_fields_are_told_by_their_labels_and_in_their_words(user, in_english):
    gold = {"key": "oro", "es": "Oro", "en": "Gold"}
    for kind, said in (
        ("choice", {"label_es": "Nivel", "label_en": "Level", "choices": [gold]}),
        ("date", {"label_es": "Alta"}),
        ("money", {"label_es": "Cuota"}),
        ("link", {"label_es": "Padrino", "target": "contact"}),
        ("yes_no", {"label_es": "Socio"}),
    ):
        add_field("contacts", kind, said, by=user)
    sponsor = make_contact(owner=user, given_name="Berta", first_surname="Sanz")
    party = make_contact(owner=user, custom={"alta": "2026-01-02"})
    custom = {"nivel": "oro", "alta": None, "cuota": {"amount": "12.50", "currency": "EUR"},
              "padrino": sponsor.public_id, "socio": True}  # fmt: skip

    change(party, user, custom=custom)

    told = {label: (before, after) for label, before, after in lines(user, party)}
    assert told["Level"] == ("", "Gold")
    assert "enero" in told["Alta"][0] and told["Alta"][1] == ""  # as the region writes days
    assert "12,50" in told["Cuota"][1] and told["Padrino"] == ("", "Berta Sanz")
    assert told["Socio"] == ("", "yes")


def test_the_page_says_who_and_through_what(client, user):
    party = make_contact(owner=user)
    with acting(user.pk, "api"):
        actions.change_party(party, read({"job_title": "Boss"}, "person", partial=True), by=user)

    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()

    assert "Boss" in page and user.name in page and "by API" in page


def test_a_value_is_put_back_with_one_click_and_that_is_undone_again(client, user):
    party = make_contact(owner=user, job_title="Old")
    change(party, user, job_title="New")
    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()
    address = re.search(r'action="(/parties/[^"]+put-back)"', page) or [""] * 2

    client.post(address[1], {"column": "job_title"})
    party.refresh_from_db()
    assert party.job_title == "Old"

    page = client.get(f"/contacts/{party.public_id}").content.decode()
    undo = re.search(r'data-undo="([^"]+)"', page) or [""] * 2
    client.post(undo[1])
    party.refresh_from_db()
    assert party.job_title == "New"


def test_a_phone_that_was_deleted_is_put_back(client, user):
    party = make_contact(owner=user, phones=["+34600000001"])
    change(party, user, phones=[])
    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()
    address = re.search(r'action="(/parties/[^"]+put-back)"', page) or [""] * 2

    client.post(address[1], {"column": ""})

    assert [point.value for point in party.points.all()] == ["+34600000001"]


def test_a_company_that_is_put_back_ties_the_person_to_it_again(client, user):
    one, other = make_company(), make_company()
    party = make_contact(owner=user, company=one)
    change(party, user, company=other)
    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()
    for address in re.findall(r'action="(/parties/[^"]+put-back)"', page):
        client.post(address, {"column": "company_id"})

    party.refresh_from_db()
    assert party.company == one
    assert party.relationships.filter(until=None).get().other == one


def test_hidden_fields_are_hidden_here_too(client, user):
    party = make_contact(owner=user, tax_id="12345678Z", phones=["+34600000001"], notes="x")
    change(party, user, tax_id="87654321X", phones=["+34600000002"], notes="y")
    Role.objects.filter(pk="seller").update(hidden={"contacts": ["tax_id", "phones"]})
    seller = make_user("seller")
    party.owner = seller
    party.save(update_fields=["owner"])
    client.force_login(seller)

    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()

    assert party.notes in page or "y" in page
    assert "12345678Z" not in page and "600 00 00 02" not in page


def test_the_changes_of_a_colleague_are_not_there(client):
    party = make_contact(owner=make_user(team=make_team()))
    client.force_login(make_user(team=make_team()))
    assert client.get(f"/contacts/{party.public_id}/changes").status_code == 404


def test_who_may_only_look_puts_nothing_back(client, user):
    party = make_contact(owner=user, job_title="Old")
    change(party, user, job_title="New")
    line = history_of(user, "party", party.pk).lines[0]
    client.force_login(make_user("analyst"))

    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()
    answer = client.post(
        f"/parties/{party.public_id}/changes/{line.said_as}/put-back", {"column": "job_title"}
    )

    assert "put-back" not in page
    assert answer.status_code == 404


def test_the_page_costs_the_same_for_one_change_as_for_many(client, user):
    party = make_contact(owner=user)
    change(party, user, job_title="0", notes="0")
    address = f"/contacts/{party.public_id}/changes"
    client.get(address)
    cost_of_one = query_cost(client.get, address)
    for n in range(1, 6):
        change(party, user, job_title=str(n), notes=str(n))
    assert query_cost(client.get, address) == cost_of_one


def test_older_changes_are_on_the_next_page(client, user):
    party = make_contact(owner=user)
    for n in range(60):
        change(party, user, job_title=str(n))
    page = client.get(f"/contacts/{party.public_id}/changes").content.decode()
    older = re.search(r'href="([^"]+\?before=[^"]+)"', page) or [""] * 2

    first, second = page.count("put-back"), client.get(older[1]).content.decode().count("put-back")

    assert first + second == 60


def test_the_api_tells_the_same(client, user):
    from circulo.accounts.actions import add_token

    party = make_contact(owner=user, job_title="Old")
    change(party, user, job_title="New")
    headers = {"Authorization": f"Bearer {add_token(user)}"}

    told = client.get(f"/api/v1/contacts/{party.public_id}/history", headers=headers).json()
    latest = told["items"][0]
    assert (latest["field"], latest["from"], latest["to"]) == ("job_title", "Old", "New")

    undone = client.post(
        f"/api/v1/change-sets/{latest['change_set']}/undo", "{}",
        content_type="application/json", headers=headers,
    )  # fmt: skip
    assert undone.status_code == 200, undone.content
    assert (undone.json()["state"], undone.json()["done"]) == ("done", 1)
    party.refresh_from_db()
    assert party.job_title == "Old"
    assert ChangeSet.objects.filter(kind="undo").get().through == "api"


def test_languages_and_countries_are_called_by_their_names(user, in_english):
    party = make_contact(owner=user, language="es")
    address = {"street": "Rua 1", "city": "Porto", "country": "PT"}
    change(party, user, language="en", addresses=[address])

    told = lines(user, party)

    assert ("Language", "Spanish", "English") in told
    assert any("Portugal" in after for _label, _before, after in told)


def test_a_merge_is_told_in_the_language_of_the_reader(client):
    user = make_user("admin", language="es")
    client.force_login(user)
    stays, goes = (make_contact(owner=user, phones=["+34600000001"]) for _n in range(2))
    with acting(user.pk, "screen"):
        actions.merge_parties(stays, [goes], by=user)

    merge = ChangeSet.objects.get(kind="merge")
    page = client.get(f"/changes/{merge.public_id}").content.decode()

    assert "Se unió a" in page and "Merged" not in page
    assert "Contacto · se cambió" in page and "600 00 00 01" in page and "+34" not in page
