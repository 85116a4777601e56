"""How a list is arranged: several sort keys, widths and density, kept for a person or in a view."""

from urllib.parse import parse_qs, urlsplit

import pytest

from circulo.desk.models import ListChoice
from circulo.records.models import SavedView
from circulo.testing.make import make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def names_in(answer):
    return [row.values["name"].name for row in answer.context["table"].rows]


def query_of(answer):
    return {name: one[0] for name, one in parse_qs(urlsplit(answer["Location"]).query).items()}


def test_a_list_is_ordered_by_several_keys_and_its_headings_say_so(client, admin):
    for given, lifecycle in (("Ana", "lead"), ("Eva", "customer"), ("Ida", "lead")):
        make_contact(given_name=given, first_surname="Gil", lifecycle=lifecycle, owner=admin)

    answer = client.get("/contacts?sort=lifecycle,-name")

    assert names_in(answer) == ["Eva Gil", "Ida Gil", "Ana Gil"]
    page = answer.content.decode()
    assert page.count('aria-sort="ascending"') == 1 and page.count("aria-sort") == 1
    assert 'data-also="?sort=lifecycle,name"' in page
    assert names_in(client.get("/contacts?sort=lifecycle&sort=name&sort=")) == [
        "Eva Gil", "Ana Gil", "Ida Gil"]  # fmt: skip


def test_the_pages_of_a_list_with_several_keys_hang_together(client, admin):
    for number in range(60):
        make_contact(given_name=f"P{number:02}", first_surname="A", owner=admin,
                     lifecycle="lead" if number % 2 else "customer")  # fmt: skip

    first = client.get("/contacts?sort=lifecycle,-name")
    second = client.get("/contacts" + first.context["table"].older)

    odd, even = range(59, 0, -2), range(58, -1, -2)
    wanted = [f"P{number:02} A" for number in (*even, *odd)]
    assert names_in(first) + names_in(second) == wanted


def test_widths_are_kept_for_the_person_who_set_them(client, admin):
    make_contact(owner=admin)

    kept = client.post("/contacts/widths", {"widths": "name:320,emails:9000,nonsense,city:100"})
    assert kept.status_code == 204
    assert ListChoice.objects.get(user=admin).widths == {"name": 320, "city": 100}
    page = client.get("/contacts").content.decode()
    assert '<col width="320">' in page and 'class="table sized"' in page
    assert 'aria-valuenow="320"' in page
    client.get("/contacts?remember=1&widths=none")
    assert "sized" not in client.get("/contacts").content.decode()

    client.force_login(make_user())
    assert "sized" not in client.get("/contacts").content.decode()


def test_widths_of_the_address_go_before_those_of_the_person(client, admin):
    make_contact(owner=admin)
    client.post("/contacts/widths", {"widths": "name:320"})

    page = client.get("/contacts?widths=name:222").content.decode()

    assert '<col width="222">' in page and "320" not in page


def test_order_and_density_are_remembered_from_the_panel(client, admin):
    make_contact(owner=admin)
    query = "remember=1&sort=lifecycle&sort=-name&sort=&density=dense&columns=name&columns=city"

    client.get(f"/contacts?{query}")

    liked = ListChoice.objects.get(user=admin)
    assert (liked.sort, liked.density, liked.columns) == ("lifecycle,-name", "dense",
                                                          ["name", "city"])  # fmt: skip
    page = client.get("/contacts").content.decode()
    assert 'class="scroll" data-density="dense"' in page
    assert '<small aria-hidden="true">2</small>' in page  # the first key is not shown
    client.get("/contacts?remember=1&density=")
    assert 'class="scroll" data-density' not in client.get("/contacts").content.decode()


def test_what_is_arranged_in_a_view_stays_in_the_view(client, admin):
    view = SavedView.objects.create(name="V", resource="contacts", owner=admin)
    query = f"view={view.public_id}&remember=1&columns=name&columns=city&sort=-name&density=roomy"

    answer = client.get(f"/contacts?{query}&widths=name:222")

    assert query_of(answer) == {"view": view.public_id, "columns": "name,city", "sort": "-name",
                                "density": "roomy", "widths": "name:222"}  # fmt: skip
    assert not ListChoice.objects.exists()


def test_a_view_keeps_order_widths_and_density_for_a_colleague(client, admin):
    said = {"name": "Ancha", "sharing": "all", "sort": "lifecycle,-name", "density": "dense",
            "columns": "name,city", "widths": "name:320,city:90,nothing:99"}  # fmt: skip
    client.post("/contacts/views/save", said)
    view = SavedView.objects.get()
    assert (view.widths, view.density) == ({"name": 320, "city": 90}, "dense")

    client.force_login(make_user(team=make_team()))
    opened = client.get(f"/contacts/views/{view.public_id}")

    assert query_of(opened) == {"view": view.public_id, "sort": "lifecycle,-name",
                                "columns": "name,city", "widths": "city:90,name:320",
                                "density": "dense"}  # fmt: skip


def test_what_is_saved_is_the_list_as_it_stands_with_what_the_person_likes(client, admin):
    make_contact(owner=admin)
    client.get("/contacts?remember=1&columns=name&columns=city&sort=-name&density=dense")

    kept = dict(client.get("/contacts").context["arranged"])

    assert (kept["sort"], kept["density"]) == ("-name", "dense")
    assert [v for k, v in client.get("/contacts").context["arranged"] if k == "columns"] == [
        "name", "city"]  # fmt: skip
