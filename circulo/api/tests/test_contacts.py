from typing import Any

import pytest

from circulo.accounts.models import Audit
from circulo.api.tests.calls import Program
from circulo.parties.models import Party, Relationship
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db


def test_a_contact_is_added_read_changed_binned_and_restored():
    seller = Program(make_user())
    company = make_company(owner=seller.user, name="Alimentos Duero")

    added = seller.post("contacts", {
        "given_name": "Begoña", "first_surname": "Núñez", "second_surname": "Peña",
        "emails": ["B@Duero.example"], "phones": [{"value": "612 345 678", "label": "work"}],
        "company": company.public_id, "job_title": "Jefa", "birthday": "1980-02-14",
        "addresses": [{"street": "Gran Vía 1", "city": "Madrid", "country": "ES"}],
        "tags": ["vip"], "custom": {"shoe_size": 38},
    })  # fmt: skip

    assert added.status_code == 201
    said = added.json()
    assert added.headers["Location"] == f"/api/v1/contacts/{said['id']}"
    assert added.headers["ETag"] == '"1"'
    assert said["name"] == "Begoña Núñez Peña"
    assert said["emails"] == [{"value": "b@duero.example", "label": "", "primary": True}]
    assert said["phones"] == [{"value": "+34612345678", "label": "work", "primary": True}]
    assert (said["company"], said["company_name"]) == (company.public_id, "Alimentos Duero")
    assert said["custom"] == {"shoe_size": 38}
    assert seller.get(f"contacts/{said['id']}").json() == said

    changed = seller.patch(f"contacts/{said['id']}", {"job_title": "Directora"}, If_Match='"1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json()["job_title"] == "Directora"

    assert seller.delete(f"contacts/{said['id']}").status_code == 204
    assert seller.get(f"contacts/{said['id']}").status_code == 404
    assert seller.post(f"contacts/{said['id']}/restore").status_code == 200
    assert seller.get(f"contacts/{said['id']}").json()["job_title"] == "Directora"


def test_a_company_says_its_revenue_with_its_currency():
    manager = Program(make_user("admin"))

    added = manager.post("companies", {"name": "Firma", "annual_revenue": 1200, "size": 12,
                                       "website": "firma.example"})  # fmt: skip

    said = added.json()
    assert said["annual_revenue"] == {"amount": "1200.00", "currency": "EUR"}
    assert said["website"] == "https://firma.example"
    same = manager.patch(f"companies/{said['id']}", {"annual_revenue": said["annual_revenue"]})
    assert (same.status_code, same.headers["ETag"]) == (200, '"1"')


def test_a_stale_write_is_refused_with_both_values():
    seller = Program(make_user())
    person = make_contact(owner=seller.user, job_title="Jefa")
    seller.patch(f"contacts/{person.public_id}", {"job_title": "Directora"})

    late = seller.patch(f"contacts/{person.public_id}", {"job_title": "Socia"}, If_Match='"1"')

    assert late.status_code == 409
    assert late.headers["ETag"] == '"2"'
    error = late.json()["error"]
    assert error["code"] == "stale"
    assert (error["current"], error["yours"]) == (
        {"job_title": "Directora"}, {"job_title": "Socia"},
    )  # fmt: skip


def test_a_version_already_known_is_not_sent_again():
    seller = Program(make_user())
    person = make_contact(owner=seller.user)

    again = seller.get(f"contacts/{person.public_id}", headers={"If-None-Match": '"1"'})

    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_seen_is_404_and_what_is_seen_but_not_ours_is_403():
    norte, sur = make_team(), make_team()
    seller, stranger = Program(make_user(team=norte)), Program(make_user(team=sur))
    colleague = make_contact(owner=make_user(team=norte))
    hidden = make_contact(owner=stranger.user)

    assert seller.get(f"contacts/{colleague.public_id}").status_code == 200
    for act in (seller.patch(f"contacts/{colleague.public_id}", {"title": "Dra."}),
                seller.delete(f"contacts/{colleague.public_id}")):  # fmt: skip
        assert act.status_code == 403
    for act in (seller.get(f"contacts/{hidden.public_id}"),
                seller.get(f"contacts/{hidden.public_id}/overview"),
                seller.patch(f"contacts/{hidden.public_id}", {"title": "Dra."}),
                seller.delete(f"contacts/{hidden.public_id}"),
                seller.post(f"contacts/{hidden.public_id}/restore")):  # fmt: skip
        assert act.status_code == 404
    assert {p.version for p in Party.objects.all()} == {1}
    denied = Audit.objects.filter(what=Audit.What.DENIED, by=seller.user, address="127.0.0.1")
    assert denied.count() == 5
    assert [c["id"] for c in seller.get("contacts").json()["items"]] == [colleague.public_id]


def test_a_role_that_sees_nobody_finds_nothing():
    seller = Program(make_user())
    person = make_contact(owner=seller.user)
    none = {"view": "none", "edit": "none", "delete": "none"}
    seller.user.role.rights = {"contacts": none, "companies": none}
    seller.user.role.save()

    assert seller.get("contacts").json()["items"] == []
    assert seller.get("interactions").json()["count"] == 0
    assert seller.get("relationships").json()["count"] == 0
    for path in (f"contacts/{person.public_id}", f"contacts/{person.public_id}/overview"):
        assert seller.get(path).status_code == 404
    added = seller.post("contacts", {"given_name": "Ana"})
    assert (added.status_code, set(added.json())) == (201, {"id", "kind"})


def test_links_to_what_is_not_seen_are_refused_and_nothing_is_made():
    seller = Program(make_user(team=make_team()))
    stranger = make_user(team=make_team())
    hidden = make_company(owner=stranger)

    refused = seller.post("contacts", {
        "given_name": "Ana", "company": hidden.public_id, "owner": "nobody", "version": 9,
        "is_demo": True,
    })  # fmt: skip

    assert refused.status_code == 422
    assert set(refused.json()["error"]["fields"]) == {"company", "owner", "version", "is_demo"}
    assert not Party.objects.people().exists()


def test_a_seller_gives_a_contact_to_nobody_else():
    seller = Program(make_user(team=make_team()))
    colleague = make_user(team=seller.user.team)
    from circulo.lib import ids

    given = {"given_name": "Ana", "owner": ids.encode("user", colleague.pk)}
    assert seller.post("contacts", given).status_code == 422
    manager = Program(make_user("manager", team=seller.user.team))
    assert manager.post("contacts", given).json()["owner_name"] == colleague.name


def test_fields_hidden_from_a_role_are_not_there():
    seller = Program(make_user(team=make_team()))
    person = make_contact(owner=seller.user, birthday="1980-02-14", phones=["612345678"])
    seller.user.role.hidden = {"contacts": ["birthday", "phones"]}
    seller.user.role.save()

    said = seller.get(f"contacts/{person.public_id}").json()
    overview = seller.get(f"contacts/{person.public_id}/overview").json()

    for party in (said, overview["party"]):
        assert not {"birthday", "phones", "faxes"} & set(party)
    filtered = '{"field": "birthday", "op": "empty"}'
    assert seller.get("contacts", filter=filtered).status_code == 400
    assert seller.get("contacts", sort="birthday").status_code == 400
    written = seller.patch(f"contacts/{person.public_id}", {"birthday": "1981-01-01"})
    assert (written.status_code, set(written.json()["error"]["fields"])) == (422, {"birthday"})
    assert seller.get("contacts", q="612345678").json()["items"] == []


def test_the_overview_is_the_party_and_what_happened():
    seller = Program(make_user())
    company = make_company(owner=seller.user, name="Duero")
    person = make_contact(owner=seller.user, company=company, emails=["b@duero.example"])
    make_interaction(party=person, by=seller.user, subject="Hola")

    said = seller.get(f"contacts/{person.public_id}/overview").json()

    assert said["party"] == seller.get(f"contacts/{person.public_id}").json()
    assert said["company"] == {"id": company.public_id, "name": "Duero", "territory": None}
    assert [row["subject"] for row in said["interactions"]] == ["Hola"]
    assert said["relationships"][0]["kind"] == "works_at"


def test_lists_page_by_key_filter_and_count():
    seller = Program(make_user())
    for name in ("Ana", "Berta", "Carmen"):
        make_contact(owner=seller.user, given_name=name, first_surname="Ruiz", lifecycle="lead")
    make_contact(owner=seller.user, lifecycle="customer")
    leads = '{"field": "lifecycle", "op": "is", "value": "lead"}'

    first = seller.get("contacts", filter=leads, sort="-name", limit=2).json()
    second = seller.get("contacts", filter=leads, sort="-name", limit=2, cursor=first["next"])

    assert [c["given_name"] for c in first["items"]] == ["Carmen", "Berta"]
    assert [c["given_name"] for c in second.json()["items"]] == ["Ana"]
    assert second.json()["next"] is None
    assert (first["count"], first["count_is_exact"]) == (3, True)
    assert seller.get("contacts", q="bert").json()["count"] == 1
    assert seller.get("contacts", count="false").json()["count"] is None


def test_reading_costs_the_same_for_one_contact_as_for_many():
    seller = Program(make_user())
    company = make_company(owner=seller.user)

    def add(number: int) -> Party:
        person = make_contact(owner=seller.user, company=company, phones=[f"61234567{number}"])
        make_interaction(party=person, by=seller.user)
        return person

    person = add(0)
    seller.get("contacts")
    cost_of_one = query_cost(seller.get, "contacts")
    for number in range(1, 6):
        add(number)
    assert query_cost(seller.get, "contacts") == cost_of_one
    assert query_cost(seller.get, f"contacts/{person.public_id}/overview") == 2


def test_relationships_are_made_changed_and_ended():
    seller = Program(make_user())
    ana, luis = make_contact(owner=seller.user), make_contact(owner=seller.user)

    made = seller.post("relationships", {
        "party": ana.public_id, "kind": "household", "other": luis.public_id,
        "since": "2020-01-01",
    })  # fmt: skip

    assert made.status_code == 201
    where = f"relationships/{made.json()['id']}"
    again = seller.post("relationships", {"party": ana.public_id, "kind": "household",
                                          "other": luis.public_id})  # fmt: skip
    assert again.status_code == 409
    changed = seller.patch(where, {"role": "Hermano"}, If_Match=made.headers["ETag"])
    assert changed.json()["role"] == "Hermano"
    late = seller.patch(where, {"role": "Primo"}, If_Match=made.headers["ETag"])
    assert (late.status_code, late.json()["error"]["current"]["role"]) == (409, "Hermano")
    assert seller.post(f"{where}/end", {"until": "2019-01-01"}).status_code == 422
    assert seller.post(f"{where}/end", {"until": "2024-01-01"}).json()["until"] == "2024-01-01"
    assert seller.get("relationships").json()["count"] == 1
    assert Relationship.objects.get().until


EVERY_FIELD: dict[str, dict[str, Any]] = {
    "contacts": {
        "given_name": "Begoña", "first_surname": "Núñez", "second_surname": "Peña",
        "preferred_name": "Bego", "title": "Dra.", "job_title": "Jefa", "birthday": "1980-02-14",
        "form_of_address": "formal",
    },
    "companies": {
        "name": "Alimentos Duero", "legal_name": "Alimentos Duero, S. A.", "industry": "Food",
        "size": 12, "founded": 1988, "annual_revenue": {"amount": "1200.50", "currency": "EUR"},
    },
}  # fmt: skip
OF_BOTH: dict[str, Any] = {
    "tax_id": "12345678Z", "tax_country": "ES", "language": "es", "lifecycle": "customer",
    "source": "Feria", "tags": ["vip", "ñu"], "notes": "Dos\nlíneas", "custom": {"a": 1},
    "emails": [{"value": "b@duero.example", "label": "work", "primary": True}],
    "phones": [{"value": "+34612345678", "label": "", "primary": True}],
    "faxes": [{"value": "+34983123456", "label": "", "primary": True}],
    "social": [{"value": "@bego", "label": "mastodon", "primary": True}],
    "website": "https://duero.example/a?b",
    "addresses": [{"label": "", "street": "Gran Vía 1", "unit": "2.º", "district": "Centro",
                   "postal_code": "28013", "city": "Madrid", "region": "Madrid", "country": "ES",
                   "primary": True}],
}  # fmt: skip


@pytest.mark.parametrize("resource", EVERY_FIELD)
def test_every_field_that_is_written_is_read_back_as_written(resource):
    admin = Program(make_user("admin"))
    said = EVERY_FIELD[resource] | OF_BOTH
    name = {"contacts": "given_name", "companies": "name"}[resource]
    bare = admin.post(resource, {name: "Nada"}).json()

    added = admin.post(resource, said)
    changed = admin.patch(f"{resource}/{bare['id']}", said)

    for answer in (added, changed):
        assert answer.status_code in (200, 201), answer.content
        told = answer.json()
        assert {field: told[field] for field in said} == said
    for field, value in said.items():
        same = admin.patch(f"{resource}/{bare['id']}", {field: value})
        assert same.json()["version"] == changed.json()["version"], field
    empty = {field: bare[field] for field in said if field != name}
    emptied = admin.patch(f"{resource}/{bare['id']}", empty | {"custom": {"a": None}}).json()
    assert {field: emptied[field] for field in empty} == empty


@pytest.mark.usefixtures("in_english")
def test_what_is_no_code_is_told_as_that_and_not_by_its_length():
    seller = Program(make_user(language="en"))

    refused = seller.post("contacts", {
        "given_name": "Ana", "language": "español", "addresses": [{"country": "Spain"}],
    })  # fmt: skip

    fields = refused.json()["error"]["fields"]
    assert "such as es" in fields["language"]
    assert [why for name, why in fields.items() if name.startswith("addresses")] == [
        "A country is two letters, such as ES or MX."
    ]


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("said", [{"tax_id": "12345678Z"}, {}])
def test_a_tax_country_that_is_no_code_is_told_what_one_is(said):
    seller = Program(make_user(language="en"))

    refused = seller.post("contacts", {"given_name": "Ana", "tax_country": "España", **said})

    assert refused.status_code == 422
    fields = refused.json()["error"]["fields"]
    assert fields == {"tax_country": "A country is two letters (ISO 3166), such as ES or MX."}


def test_the_extension_of_a_phone_is_kept_with_its_label():
    seller = Program(make_user())
    for said, label in (
        ("+34 612 345 678 ext. 12", "ext. 12"),
        ({"value": "915 550 123 x7", "label": "Centralita"}, "Centralita ext. 7"),
        ({"value": "915550123;ext=7", "label": "Centralita ext. 7"}, "Centralita ext. 7"),
        ({"value": "915 550 123 ext. 4", "label": "L" * 30}, "L" * 23 + " ext. 4"),
    ):
        (phone,) = seller.post("contacts", {"name": "Ana", "phones": [said]}).json()["phones"]
        assert phone["label"] == label and phone["value"].startswith("+34")


def test_whether_an_entry_is_the_first_one_is_said_as_yes_or_no():
    refused = Program(make_user()).post(
        "contacts", {"name": "Ana", "phones": [{"value": "612345678", "primary": "yes"}]}
    )
    assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"phones"})
