import pytest

from circulo.parties import searching
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_lead,
    make_quote,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def found(client, text):
    answer = client.get("/search", {"palette": 1, "q": text})
    assert answer.status_code == 200
    return [option["text"] for group in answer.context["groups"] for option in group.options]


def test_accents_and_case_do_not_matter_and_the_exact_spelling_comes_first(client, admin):
    make_contact(given_name="Begona", first_surname="Nunez", owner=admin)
    make_contact(given_name="Begoña", first_surname="Núñez", owner=admin)

    assert found(client, "begoña núñez") == ["Begoña Núñez", "Begona Nunez"]
    assert found(client, "BEGONA NUNEZ") == ["Begona Nunez", "Begoña Núñez"]
    assert set(found(client, "nu")) >= {"Begona Nunez"}


def test_a_phone_with_spaces_and_part_of_an_address_find(client, admin):
    make_contact(given_name="Iván", first_surname="Gil", phones=["600 11 22 33"],
                 emails=["ivan.gil@duero.example"], owner=admin)  # fmt: skip

    for text in ("600 11 22", "600112233", "ivan.gil@", "duero.ex", "+34 600"):
        assert found(client, text) == ["Iván Gil"], text


def test_a_word_that_many_hold_is_looked_for_among_some(client, admin, monkeypatch):
    monkeypatch.setattr(searching, "COMMON", 0)
    monkeypatch.setattr(searching, "WORTH_IT", 0)
    monkeypatch.setattr(searching, "ENOUGH", 1)
    seller = make_user("seller")
    make_contact(given_name="Ana", first_surname="100%_García", owner=seller)
    make_contact(given_name="Eva", first_surname="Gil García", owner=admin)

    assert set(found(client, "garcia")) == {"Ana 100%_García", "Eva Gil García"}
    assert found(client, "100%_gar") == ["Ana 100%_García"]
    client.force_login(seller)
    assert found(client, "garcia") == ["Ana 100%_García"]


def test_what_a_role_hides_does_not_find(client):
    user = make_user("agent")
    make_contact(given_name="Iván", first_surname="Gil", emails=["iv@duero.example"], owner=user)
    make_company(name="Aceites Sol", emails=["sol@duero.example"], owner=user)
    client.force_login(user)
    assert set(found(client, "duero")) == {"Iván Gil", "Aceites Sol"}

    user.role.hidden = {"contacts": ["emails"]}
    user.role.save()

    assert found(client, "duero") == ["Aceites Sol"]
    assert found(client, "iván gil") == ["Iván Gil"]


def test_what_one_may_not_see_is_not_found(client):
    norte, sur = make_team(), make_team()
    seller, stranger = make_user(team=norte), make_user(team=sur)
    make_contact(given_name="Ajena", first_surname="Gil", owner=stranger)
    make_contact(given_name="Propia", first_surname="Gil", owner=seller)
    firm = make_company(name="Secreta", owner=stranger)
    make_contact(given_name="Otra", first_surname="Gil", owner=seller, company=firm)
    client.force_login(seller)

    assert sorted(found(client, "gil")) == ["Otra Gil", "Propia Gil"]
    assert "Secreta" not in client.get("/search?palette=1&q=gil").content.decode()
    assert found(client, "ajena") == found(client, "aj") == found(client, "secreta") == []


def test_the_page_shows_people_firms_and_places_to_go(client, admin):
    make_contact(given_name="Contessa", owner=admin)
    make_company(name="Contes SL", owner=admin)

    page = client.get("/search?q=conta").content.decode()
    assert 'href="/contacts"' in page
    page = client.get("/search?q=contes").content.decode()
    assert "Contessa" in page and "Contes SL" in page


@pytest.mark.parametrize(
    "text", ["", "\0", "%", "_%_", "x" * 9000, "'", "\\", "🙂", " ", "+", "a\tb"]
)
@pytest.mark.parametrize("palette", [{}, {"palette": "1"}])
def test_nonsense_finds_nothing_and_breaks_nothing(client, admin, text, palette):
    make_contact(owner=admin)
    assert client.get("/search", {"q": text} | palette).status_code == 200


def test_a_search_costs_the_same_for_one_as_for_many(client, admin):
    firm = make_company(owner=admin)
    make_contact(given_name="Ana", first_surname="Gil", owner=admin, company=firm)
    client.get("/search?palette=1&q=gil")
    cost_of_one = query_cost(client.get, "/search?palette=1&q=gil")
    for _ in range(5):
        make_contact(given_name="Ana", first_surname="Gil", owner=admin, company=firm)
    assert query_cost(client.get, "/search?palette=1&q=gil") == cost_of_one


def test_one_or_two_letters_must_begin_a_word(client, admin):
    make_contact(given_name="Carmen", first_surname="Ruiz", owner=admin)
    make_contact(given_name="Carmen", first_surname="Cruz", owner=admin)
    make_contact(given_name="Rubén", first_surname="Carmena", owner=admin)

    assert found(client, "carmen ru") == ["Carmen Ruiz", "Rubén Carmena"]
    answer = client.get("/contacts", {"q": "carmen ru"})
    assert "Carmen Ruiz" in answer.content.decode()
    assert "Carmen Cruz" not in answer.content.decode()


@pytest.mark.parametrize("make", [make_lead, make_deal, make_quote])
def test_what_is_sold_is_found_by_its_words(client, admin, make):
    said = {"company": "Señal de Feria"} if make is make_lead else {"title": "Señal de Feria"}
    make(owner=admin, **said)
    make(owner=admin)
    assert len(found(client, "feria senal")) == 1
    assert found(client, "feria seta") == found(client, "fe") == []


def test_a_lead_is_not_found_by_what_a_role_hides(client):
    user = make_user("agent")
    make_lead(owner=user, company="Aceites Sol", email="sol@duero.example")
    client.force_login(user)
    assert len(found(client, "duero")) == len(found(client, "aceites")) == 1

    user.role.hidden = {"leads": ["email"]}
    user.role.save()
    assert (found(client, "duero"), len(found(client, "aceites"))) == ([], 1)


def test_a_quote_is_found_by_its_number(client, admin):
    first, _second = make_quote(owner=admin), make_quote(owner=admin)
    assert found(client, first.number) == [first.number]
