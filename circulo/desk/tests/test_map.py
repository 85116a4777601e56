"""A list on a map: counted by province or country, within rights; each place leads to its rows."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from circulo.accounts.models import Role
from circulo.desk import mapped
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
MADRID, TENERIFE = ({"postal_code": code, "country": "ES"} for code in ("28013", "38001"))
DREUX = {"postal_code": "28100", "country": "FR"}


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def spots(client, by="province", name="contacts", **more):
    answer = client.get(f"/{name}", {"view": "none", "shape": "map", "by": by} | more)
    assert answer.status_code == 200, answer.content
    return {spot.code: spot for spot in answer.context["shape"]["map"].spots}


def counts(*arguments, **named):
    return {code: spot.count for code, spot in spots(*arguments, **named).items()}


def test_people_are_counted_in_the_provinces_of_their_addresses(client, admin):
    make_contact(owner=admin, addresses=[MADRID])
    make_contact(owner=admin, addresses=[MADRID, TENERIFE, MADRID | {"city": "Otra"}])
    make_contact(owner=admin, addresses=[DREUX])
    make_contact(owner=admin, addresses=[{"postal_code": "99999", "country": "ES"}])
    make_contact(owner=admin)
    make_company(owner=admin, addresses=[TENERIFE])

    assert counts(client) == {"28": 2, "38": 1}
    assert counts(client, "country") == {"ES": 3, "FR": 1}
    assert counts(client, name="companies") == {"38": 1}


def test_each_place_leads_to_as_many_records_as_it_says(client, admin):
    make_contact(owner=admin, given_name="Ana", addresses=[MADRID], lifecycle="lead")
    make_contact(owner=admin, given_name="Eva", addresses=[MADRID, TENERIFE], lifecycle="lead")
    make_contact(owner=admin, given_name="Ida", addresses=[DREUX])
    leads = json.dumps({"field": "lifecycle", "op": "is", "value": "lead"})

    for by in ("province", "country"):
        for more in ({}, {"filter": leads}, {"q": "eva"}):
            for spot in spots(client, by, **more).values():
                found = client.get("/contacts" + spot.url)
                assert len(found.context["table"].rows) == spot.count
    answer = client.get("/contacts?view=none&shape=map&by=province")
    elsewhere = client.get("/contacts" + answer.context["shape"]["map"].elsewhere)
    assert [row.name for row in elsewhere.context["table"].rows] == ["Ida García"]
    query = parse_qs(urlsplit(spots(client)["28"].url).query)
    assert json.loads(query["filter"][0]) == {"field": "province", "op": "is", "value": "28"}


def test_whoever_is_on_no_map_is_counted_and_an_empty_map_says_why(client, admin):
    make_contact(owner=admin)
    make_contact(owner=admin, addresses=[DREUX])

    answer = client.get("/contacts?view=none&shape=map&by=province")
    assert answer.context["shape"]["map"].unplaced == 2
    assert "código postal" in answer.content.decode()

    make_contact(owner=admin, addresses=[MADRID, DREUX])
    page = client.get("/contacts?view=none&shape=map&by=province").content.decode()
    assert "2 registros no tienen dirección en este mapa." in page
    page = client.get("/contacts?view=none&shape=map&by=country").content.decode()
    assert "1 registro no tiene dirección en este mapa." in page


def test_a_map_counts_nobody_out_of_reach(client):
    mine, theirs = make_user(team=make_team()), make_user(team=make_team())
    make_contact(owner=mine, addresses=[MADRID])
    make_contact(owner=theirs, addresses=[MADRID, TENERIFE])
    client.force_login(mine)

    assert counts(client) == {"28": 1}


@pytest.mark.parametrize("hidden", ["addresses", "postal_code", "province"])
def test_a_map_by_what_a_role_does_not_see_is_not_there(client, hidden):
    user = make_user()
    Role.objects.filter(pk="seller").update(hidden={"contacts": [hidden]})
    make_contact(owner=user, addresses=[MADRID])
    client.force_login(user)

    answer = client.get("/contacts?view=none&shape=map&by=province")

    assert "28" not in {
        spot.code for spot in getattr(answer.context["shape"].get("map"), "spots", [])
    }
    narrowed = {"filter": '{"field":"province","op":"is","value":"28"}'}
    assert client.get("/contacts", narrowed).status_code == 400


def test_the_drawing_and_the_table_say_the_same(client, admin):
    make_contact(owner=admin, addresses=[TENERIFE])

    page = client.get("/contacts?view=none&shape=map&by=province").content.decode()

    assert page.count("<title>Santa Cruz de Tenerife: 1</title>") == 2  # its shape and its circle
    assert '<th scope="row"><a class="link" href="?' in page
    world = client.get("/contacts?view=none&shape=map&by=country").content.decode()
    assert "<title>España: 1</title>" in world


def test_a_long_list_is_looked_at_in_part_and_says_that_it_guesses(client, admin, monkeypatch):
    for _ in range(64):
        make_contact(owner=admin, addresses=[MADRID])
    monkeypatch.setattr(mapped, "_parts", lambda likely: 4)

    answer = client.get("/contacts?view=none&shape=map&by=province")

    shown = answer.context["shape"]["map"]
    assert [spot.code for spot in shown.spots] == ["28"]
    assert shown.spots[0].count % 4 == 0 and 16 <= shown.spots[0].count <= 160
    assert shown.spots[0].shown.startswith("unos ")
    assert shown.spots[0].shown in answer.content.decode()


def test_only_long_lists_are_looked_at_in_part():
    assert [mapped._parts(likely) for likely in (0, 50_000, 50_001, 1_000_000)] == [1, 1, 2, 32]


def test_a_map_costs_the_same_for_one_record_as_for_many(client, admin):
    make_contact(owner=admin, addresses=[MADRID])
    cost_of_one = query_cost(spots, client)
    for _ in range(5):
        make_contact(owner=admin, addresses=[TENERIFE, MADRID])
    assert query_cost(spots, client) == cost_of_one


def test_leads_lie_where_they_say(client, admin):
    for country in ("ES", "ES", "PT", ""):
        make_lead(owner=admin, country=country)

    assert counts(client, "country", name="leads") == {"ES": 2, "PT": 1}
    for spot in spots(client, "country", name="leads").values():
        assert len(client.get("/leads" + spot.url).context["table"].rows) == spot.count
    answer = client.get("/leads?view=none&shape=map&by=country")
    elsewhere = client.get("/leads" + answer.context["shape"]["map"].elsewhere)
    assert len(elsewhere.context["table"].rows) == answer.context["shape"]["map"].unplaced == 1
