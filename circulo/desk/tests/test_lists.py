import json
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from circulo.desk.models import ListChoice
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def names_in(answer):
    return [row.values["name"].name for row in answer.context["table"].rows]


def filtered(client, criterion, name="contacts", **more):
    query = urlencode({"filter": json.dumps(criterion), **more})
    return client.get(f"/{name}?{query}")


def test_a_row_says_who_where_and_how_to_reach_them(client, admin):
    firm = make_company(name="Alimentos Duero", owner=admin)
    make_contact(
        given_name="Begoña",
        first_surname="Núñez",
        company=firm,
        owner=admin,
        job_title="Gerente",
        emails=["b@duero.example"],
        phones=["600 111 222"],
        addresses=[{"city": "Valladolid"}],
        tags=["vip"],
    )

    page = client.get(reverse("desk:contacts")).content.decode()

    ways = ("b@duero.example", "tel:+34600111222", "Valladolid")
    for said in ("Begoña Núñez", "Alimentos Duero", "Gerente", *ways, "vip", admin.name):
        assert said in page


def test_people_and_firms_stand_in_lists_of_their_own(client, admin):
    make_contact(given_name="Ana", first_surname="Gil", owner=admin)
    make_company(name="Hotel Ágora", owner=admin)

    assert names_in(client.get("/contacts")) == ["Ana Gil"]
    assert names_in(client.get("/companies")) == ["Hotel Ágora"]


def test_one_sees_what_lies_within_reach(client):
    norte, sur = make_team("Norte"), make_team("Sur")
    seller, colleague, stranger = make_user(team=norte), make_user(team=norte), make_user(team=sur)
    make_contact(given_name="Mía", owner=seller)
    make_contact(given_name="Nuestra", owner=colleague)
    make_contact(given_name="Ajena", owner=stranger)
    client.force_login(seller)

    assert {name.split()[0] for name in names_in(client.get("/contacts"))} == {"Mía", "Nuestra"}
    assert names_in(client.get("/contacts?q=Ajena")) == []
    assert "Ajena" not in client.get("/contacts?q=Ajena").content.decode().replace(
        '"Ajena"', ""
    ).replace("q=Ajena", "")


def test_the_firm_one_may_not_see_is_not_named_in_a_row(client):
    norte, sur = make_team(), make_team()
    seller, stranger = make_user(team=norte), make_user(team=sur)
    make_contact(owner=seller, company=make_company(name="Secreta SL", owner=stranger))
    client.force_login(seller)

    assert "Secreta" not in client.get("/contacts").content.decode()


def test_a_field_hidden_by_role_is_neither_shown_nor_searched(client):
    user = make_user("agent")
    user.role.hidden = {"contacts": ["emails"]}
    user.role.save()
    make_contact(given_name="Iván", emails=["secreto@x.example"], owner=user)
    client.force_login(user)

    assert "secreto@x.example" not in client.get("/contacts").content.decode()
    assert names_in(client.get("/contacts?q=secreto")) == []
    assert filtered(client, {"field": "emails", "op": "empty"}).status_code == 400


def test_a_list_is_searched_filtered_and_sorted(client, admin):
    for name, lifecycle in (("Ana", "lead"), ("Eva", "customer"), ("Ida", "customer")):
        make_contact(given_name=name, first_surname="Gil", lifecycle=lifecycle, owner=admin)

    customers = {"field": "lifecycle", "op": "is", "value": "customer"}
    assert names_in(filtered(client, customers)) == ["Eva Gil", "Ida Gil"]
    assert names_in(filtered(client, customers, sort="-name")) == ["Ida Gil", "Eva Gil"]
    assert names_in(filtered(client, customers, q="ida")) == ["Ida Gil"]
    assert names_in(filtered(client, {"not": customers})) == ["Ana Gil"]


def test_the_next_page_goes_on_where_this_one_ended(client, admin):
    for number in range(60):
        make_contact(given_name=f"P{number:03}", first_surname="A", owner=admin)

    first = client.get("/contacts")
    second = client.get("/contacts" + first.context["table"].older)
    back = client.get("/contacts" + second.context["table"].newer)

    assert len(names_in(first)) == 50 and len(names_in(second)) == 10
    assert names_in(second)[0] == "P050 A"
    assert names_in(back) == names_in(first)


def test_chosen_columns_are_remembered_and_a_link_changes_nothing(client, admin):
    make_contact(owner=admin)

    client.get("/contacts?columns=city,source")
    assert not ListChoice.objects.exists()
    answer = client.get("/contacts?columns=city&columns=source&remember=1&sort=-created_at")

    assert answer.status_code == 302 and "remember" not in answer.headers["Location"]
    table = client.get("/contacts").context["table"]
    assert [column.name for column in table.columns] == ["name", "city", "source"]
    assert table.sort == "-created_at"


def test_a_bad_filter_is_told_with_its_place_and_kept(client, admin):
    make_contact(given_name="Ana", owner=admin)

    for bad in ('{"all": [{"field": "nope", "op": "is"}]}', "{", '"x"', "[]", '{"all": 7}',
                '{"field":"name","op":"contains","value":"\\u0000"}', "9" * 3000):  # fmt: skip
        answer = client.get("/contacts", {"filter": bad})
        assert answer.status_code == 400
        assert "filter-text" in answer.content.decode()
    assert "all[0].field" in client.get(
        "/contacts", {"filter": '{"all": [{"field": "nope", "op": "is"}]}'}
    ).content.decode()  # fmt: skip


@pytest.mark.parametrize("name", ["sort", "cursor"])
@pytest.mark.parametrize("value", ["nope", "\0", "x" * 5000, "-", ",,,", "e30", "W10", "ñ"])
def test_a_bad_order_or_page_is_a_bad_request(client, admin, name, value):
    assert client.get("/contacts", {name: value}).status_code == 400


def test_an_order_that_is_gone_is_told_with_what_there_is_and_a_way_to_the_list(client, admin):
    for asked in ({"sort": "custom.gone"}, {"sort": "name", "shape": "table", "cursor": "nope"}):
        answer = client.get("/contacts", asked)
        assert answer.status_code == 400
        assert 'href="/contacts"' in answer.content.decode()
    told = client.get("/contacts", {"sort": "custom.gone"}).content.decode()
    assert "no se puede ordenar por «custom.gone»" in told and "created_at" in told
    assert "no vale ya" in answer.content.decode() or "ya no vale" in answer.content.decode()


@pytest.mark.parametrize(
    "value", ["\0", "x" * 5000, "'; drop", "\ud800".encode("utf-8", "replace")]
)
@pytest.mark.parametrize("name", ["q", "columns", "peek", "field", "panel"])
def test_other_nonsense_in_the_address_does_no_harm(client, admin, name, value):
    assert client.get("/contacts", {name: value}).status_code == 200


def test_nobody_without_the_right_sees_a_list(client):
    user = make_user("agent")
    user.role.rights = {"contacts": {"view": "none"}}
    user.role.save()
    client.force_login(user)

    assert client.get("/contacts").status_code == 403
    assert client.get("/companies").status_code == 200
    client.logout()
    assert client.get("/contacts").status_code == 302


@pytest.mark.parametrize("name", ["contacts", "companies"])
def test_a_list_costs_the_same_for_one_row_as_for_many(client, admin, name):
    make = make_contact if name == "contacts" else make_company
    make(owner=admin)
    client.get(f"/{name}")
    cost_of_one = query_cost(client.get, f"/{name}")
    for _ in range(5):
        make(owner=make_user(), emails=[f"x{_}@y.example"])
    assert query_cost(client.get, f"/{name}") == cost_of_one <= 6
