import pytest

from circulo.parties.models import Party, Relationship
from circulo.parties.selectors import possible_duplicates
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
BEGUN = {"lifecycle": "contact", "tax_country": "ES"}


def test_a_contact_is_added_with_everything_that_was_typed(client):
    seller = make_user()
    client.force_login(seller)
    firm = make_company(owner=seller, name="Alimentos Duero, S.A.")

    answer = client.post("/contacts/new", BEGUN | {
        "given_name": "Begoña", "first_surname": "Núñez", "second_surname": "Peña",
        "company_name": "alimentos duero, s.a.", "job_title": "Compras",
        "emails_value": ["b@duero.example", "", "c@duero.example"],
        "emails_label": ["Work", "", ""], "emails_primary": "2",
        "phones_value": ["612 345 678"], "tax_id": "12345678-z", "tags": "fair, loyal",
        "addresses_street": ["Mayor 1"], "addresses_city": ["Soria"], "addresses_country": ["ES"],
        "birthday": "1980-02-14", "language": "es", "form_of_address": "formal",
    })  # fmt: skip

    party = Party.objects.get(kind="person")
    assert (answer.status_code, answer.url) == (302, party.get_absolute_url())
    assert (party.name, party.company, party.owner) == ("Begoña Núñez Peña", firm, seller)
    main = party.points.get(kind="email", is_primary=True)
    assert (main.value, party.tax_id, party.tags) == (
        "c@duero.example",
        "12345678Z",
        ["fair", "loyal"],
    )
    assert party.addresses.get().city == "Soria"
    assert Relationship.objects.get().kind == "works_at"


def test_a_company_that_nobody_knows_yet_is_added_on_the_way_when_asked(client):
    seller = make_user()
    client.force_login(seller)
    said = BEGUN | {"given_name": "Ana", "company_name": "Nueva, S.L."}

    refused = client.post("/contacts/new", said)
    assert refused.status_code == 422 and 'name="add_company"' in refused.content.decode()
    client.post("/contacts/new", said | {"add_company": "1"})

    assert Party.objects.get(company__trade_name="Nueva, S.L.").name == "Ana"


def test_a_form_sent_twice_adds_one_contact(client):
    client.force_login(make_user())
    said = BEGUN | {"given_name": "Ana", "emails_value": ["ana@x.example"], "once": "k1"}

    first, again = (client.post("/contacts/new", said) for _time in range(2))
    other = client.post("/contacts/new", BEGUN | {"given_name": "Ana", "once": "k2"})

    assert (again.status_code, again.url) == (302, first.url)
    assert (other.status_code, Party.objects.people().count()) == (302, 2)


def test_the_key_of_a_form_is_its_senders_own(client):
    for _person in range(2):
        client.force_login(make_user())
        client.post("/contacts/new", BEGUN | {"given_name": "Ana", "once": "k1"})
    assert Party.objects.people().count() == 2


def test_a_form_that_was_refused_can_be_sent_again_with_its_key(client):
    client.force_login(make_user())
    said = BEGUN | {"given_name": "Ana", "once": "k1"}
    assert client.post("/contacts/new", said | {"emails_value": ["no"]}).status_code == 422
    assert client.post("/contacts/new", said).status_code == 302
    assert Party.objects.people().count() == 1


def test_of_companies_with_one_name_one_is_chosen(client):
    seller = make_user()
    client.force_login(seller)
    _first, second = make_company(owner=seller, name="Sol"), make_company(owner=seller, name="Sol")
    said = BEGUN | {"given_name": "Ana", "company_name": "Sol"}

    asked = client.post("/contacts/new", said)
    assert asked.status_code == 422 and second.public_id in asked.content.decode()
    client.post("/contacts/new", said | {"company_choice": second.public_id})

    assert Party.objects.get(kind="person").company == second


def test_whoever_has_the_same_address_is_shown_before_adding(client):
    seller = make_user()
    client.force_login(seller)
    known = make_contact(owner=seller, emails=["ana@example.com"])
    said = BEGUN | {"given_name": "Ana", "emails_value": ["ANA@example.com"]}

    asked = client.post("/contacts/new", said)
    assert asked.status_code == 409 and known.get_absolute_url() in asked.content.decode()
    assert Party.objects.count() == 1
    client.post("/contacts/new", said | {"sure": "1"})

    assert Party.objects.count() == 2


def test_without_a_name_it_is_refused_and_what_was_typed_stays(client):
    client.force_login(make_user())

    answer = client.post("/companies/new", BEGUN | {"industry": "Bakery", "size": "many"})

    page = answer.content.decode()
    assert answer.status_code == 422 and "Bakery" in page and 'aria-invalid="true"' in page
    assert not Party.objects.exists()


def test_saving_goes_on_with_the_next_one_or_stays(client):
    client.force_login(make_user())

    following = client.post("/companies/new", BEGUN | {"name": "Uno", "then": "next"})
    assert following.url == "/companies/new"
    staying = client.post("/companies/new", BEGUN | {"name": "Dos", "then": "stay"})
    assert staying.url.endswith("/edit")


@pytest.mark.parametrize("role,status", [("seller", 200), ("analyst", 403), ("auditor", 403)])
def test_only_roles_that_may_create_get_the_form(client, role, status):
    client.force_login(make_user(role))

    assert client.get("/contacts/new").status_code == status
    posted = client.post("/contacts/new", BEGUN | {"given_name": "A"})
    assert (posted.status_code == 403) is (status == 403)


def test_who_is_not_logged_in_is_sent_to_the_login(client):
    assert client.get("/contacts/new").status_code == 302


def test_the_warning_while_typing_finds_by_name_address_phone_and_tax_id(client):
    seller = make_user()
    client.force_login(seller)
    known = make_contact(
        owner=seller,
        given_name="Begoña",
        first_surname="Núñez",
        emails=["b@duero.example"],
        phones=["612345678"],
        tax_id="12345678Z",
    )
    for said in (
        {"given_name": "begona", "first_surname": "nunez"},
        {"emails_value": ["x", "B@duero.example"]},
        {"phones_value": ["612 34 56 78"]},
        {"tax_id": "12.345.678-Z", "tax_country": "ES"},
    ):
        shown = client.post("/parties/duplicates", said).content.decode()
        assert known.get_absolute_url() in shown
    itself = client.post("/parties/duplicates", {"tax_id": "12345678Z", "tax_country": "ES",
                                                 "self": known.public_id})  # fmt: skip
    assert known.get_absolute_url() not in itself.content.decode()


def test_the_warning_never_tells_of_what_one_may_not_see(client):
    norte, sur = make_team(), make_team()
    make_contact(owner=make_user(team=sur), given_name="Begoña", first_surname="Núñez",
                 emails=["b@duero.example"], phones=["612345678"], tax_id="12345678Z")  # fmt: skip
    client.force_login(make_user(team=norte))
    said = {"given_name": "Begoña", "first_surname": "Núñez", "emails_value": ["b@duero.example"],
            "phones_value": ["612345678"], "tax_id": "12345678Z", "tax_country": "ES"}  # fmt: skip

    assert not client.post("/parties/duplicates", said).content.decode().strip()
    assert "Begoña" not in client.get("/parties/names", {"other": "Begoña"}).content.decode()
    assert client.post("/contacts/new", BEGUN | said).status_code == 302


@pytest.mark.parametrize("said", [
    {"given_name": "\0"}, {"emails_value": ["\0", "a" * 100_000]}, {"tax_id": "Z" * 100_000},
    {"tax_country": "\0\0", "tax_id": "1"}, {"phones_value": ["+" * 5000]}, {},
])  # fmt: skip
def test_nothing_typed_breaks_the_helpers(client, said):
    client.force_login(make_user())

    assert client.post("/parties/duplicates", said).status_code == 200
    assert client.post("/parties/tax-id", said).status_code == 200
    assert client.post("/parties/phones", said).status_code == 200
    assert (
        client.post("/parties/split-name", {"name": said.get("given_name", "")}).status_code == 200
    )
    assert client.get("/parties/names", {"other": said.get("given_name", "")}).status_code == 200


def test_a_pasted_name_is_split_and_a_tax_id_judged(client):
    client.force_login(make_user())

    parts = client.post("/parties/split-name", {"name": "Dña. Begoña Núñez Peña"}).json()
    assert parts == {"title": "Dña.", "given_name": "Begoña", "first_surname": "Núñez",
                     "second_surname": "Peña"}  # fmt: skip
    good = client.post("/parties/tax-id", {"tax_country": "ES", "tax_id": "12345678z"})
    bad = client.post("/parties/tax-id", {"tax_country": "ES", "tax_id": "12345678a"})
    assert "circle" in good.content.decode() and b"good" in good.content and b"bad" in bad.content


def test_who_is_alike_tells_nothing_of_what_a_role_hides():
    user = make_user("agent")
    known = make_contact(
        given_name="Iván", first_surname="Gil", emails=["ivan@duero.example"], owner=user
    )
    assert possible_duplicates(user, points=["ivan@duero.example"]) == [known]

    user.role.hidden = {"contacts": ["emails"]}

    assert possible_duplicates(user, points=["ivan@duero.example"]) == []
    assert possible_duplicates(user, name="ivan@duero.example") == []
    assert possible_duplicates(user, name="Ivan Gil") == [known]
