"""Saved views: kept, shared within rights, opened in several shapes; a card moved on a board."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from circulo.accounts.models import Role
from circulo.desk import grouping
from circulo.lib import format as one
from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field, hide_own_field
from circulo.records.models import SavedView
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_product, make_quote, make_team, make_user

pytestmark = pytest.mark.django_db
CUSTOMERS = {"field": "lifecycle", "op": "is", "value": "customer"}


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def save(client, name="Clientes", **said):
    said = {"name": name, "filter": json.dumps(CUSTOMERS), "sort": "-name", "sharing": "own"} | said
    answer = client.post("/contacts/views/save", said)
    assert answer.status_code == 302, answer.content
    return SavedView.objects.filter(name=name).first()


def opened(client, view):
    answer = client.get(f"/contacts/views/{view.public_id}")
    return answer, parse_qs(urlsplit(answer.headers.get("Location", "")).query)


def test_a_list_is_kept_under_a_name_and_opened_again_as_it_was(client, admin):
    make_contact(owner=admin, given_name="Ana", lifecycle="customer")
    make_contact(owner=admin, given_name="Eva", lifecycle="lead")

    view = save(client, columns="emails,owner", q="garcia")
    answer, query = opened(client, view)

    assert json.loads(query["filter"][0]) == CUSTOMERS
    assert (query["sort"], query["columns"], query["q"]) == (
        ["-name"], ["emails,owner"], ["garcia"])  # fmt: skip
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Ana García" in page and "Eva García" not in page
    assert 'aria-current="page">Clientes' in page


def test_a_view_is_changed_where_it_stands_and_deleted_without_its_records(client, admin):
    ana = make_contact(owner=admin)
    view = save(client)

    client.post("/contacts/views/save", {"view": view.public_id, "update": "1", "sort": "name"})
    view.refresh_from_db()
    assert (view.criterion, view.sort, view.name) == (None, "name", "Clientes")
    client.post(f"/contacts/views/{view.public_id}/delete")
    assert not SavedView.objects.exists()
    assert Party.objects.filter(pk=ana.pk).exists()


def test_two_views_of_one_person_do_not_share_a_name(client, admin):
    save(client)
    client.post("/contacts/views/save", {"name": "Clientes"})
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("sharing", "seen_by"),
    [("own", set()), ("team", {"same", "below"}), ("all", {"same", "below", "other"})],
)
def test_a_view_is_seen_by_those_it_is_shared_with_and_changed_by_its_owner(
    client, sharing, seen_by
):
    top = make_team()
    owner = make_user(team=top)
    client.force_login(owner)
    view = save(client, sharing=sharing)
    readers = {"same": top, "below": make_team(parent=top), "other": make_team()}

    for name, team in readers.items():
        client.force_login(make_user(team=team))
        answer, _query = opened(client, view)
        assert (answer.status_code == 302) is (name in seen_by), name
        assert client.post(f"/contacts/views/{view.public_id}/delete").status_code == 404
    assert SavedView.objects.exists()


def test_a_shared_view_shows_nobody_more_than_their_own_rights(client, admin):
    make_contact(owner=admin, given_name="Oculta", lifecycle="customer")
    view = save(client, sharing="all")
    client.force_login(make_user())

    answer, _query = opened(client, view)

    assert "Oculta" not in client.get(answer.headers["Location"]).content.decode()


def test_a_view_that_filters_by_a_hidden_field_says_so_and_tells_nothing_of_it(client, admin):
    margin = add_field("contacts", "number", {"label_es": "Margen secreto"}, by=admin)
    hidden = {"field": "custom.margen_secreto", "op": "gt", "value": 4711}
    view = save(client, sharing="all", filter=json.dumps(hidden))
    by_it = {"sort": "-custom.margen_secreto", "shape": "groups", "by": "custom.margen_secreto"}
    shown = "emails,custom.margen_secreto"
    column = save(client, "Columnas", sharing="all", columns=shown, **by_it)
    hide_own_field(margin, ["seller"], by=admin)
    client.force_login(make_user())

    answer, _query = opened(client, view)
    assert answer.status_code == 403
    assert "4711" not in answer.content.decode() and "Margen" not in answer.content.decode()
    _answer, query = opened(client, column)
    assert (query["columns"], "sort" in query, "by" in query) == (["emails"], False, False)
    page = client.get(f"/contacts/views/{column.public_id}", follow=True).content.decode()
    assert "De esta vista se han omitido" in page and "Margen" not in page
    whole = save(client, "Todo", columns="emails", sort="name")
    page = client.get(f"/contacts/views/{whole.public_id}", follow=True).content.decode()
    assert "De esta vista se han omitido" not in page


def test_a_list_opens_with_the_view_one_chose_else_with_that_of_ones_role(client, admin):
    view = save(client, sharing="all", for_roles=["seller"])
    mine = save(client, "Míos", sharing="own", mine="1")
    assert client.get("/contacts").headers["Location"].endswith(mine.public_id)
    assert client.get("/contacts?view=none").status_code == 200

    client.force_login(make_user())
    assert client.get("/contacts").headers["Location"].endswith(view.public_id)
    client.force_login(make_user("agent"))
    assert client.get("/contacts").status_code == 200


def test_only_administrators_say_what_a_role_begins_with(client):
    client.force_login(make_user())
    view = save(client, sharing="all", for_roles=["agent"])
    assert view.for_roles == []


def test_a_board_has_a_column_for_each_choice_and_its_cards_move(client, admin):
    add_field("contacts", "choice", {"label_es": "Nivel", "choices": ["Oro", "Plata"]}, by=admin)
    ana = make_contact(owner=admin, given_name="Ana", custom={"nivel": "oro"})
    make_contact(owner=admin, given_name="Eva")
    board = {"shape": "board", "by": "custom.nivel"}

    page = client.get("/contacts", board).content.decode()
    assert page.index('data-value="oro"') < page.index("Ana") < page.index('data-value="plata"')
    answer = client.post(f"/contacts/{ana.public_id}/card", board | {"value": "plata"})

    ana.refresh_from_db()
    assert (ana.custom, answer.status_code) == ({"nivel": "plata"}, 302)
    client.post(f"/contacts/{ana.public_id}/card", board | {"value": ""})
    ana.refresh_from_db()
    assert ana.custom == {}
    client.post(f"/contacts/{ana.public_id}/card", {"by": "lifecycle", "value": "lead"})
    ana.refresh_from_db()
    assert ana.lifecycle == "lead"


def test_the_head_of_a_column_counts_all_its_records_and_adds_up_their_money(client, admin):
    add_field("contacts", "choice", {"label_es": "Nivel", "choices": ["Oro", "Plata"]}, by=admin)
    add_field("contacts", "money", {"label_es": "Cuota", "currency": "EUR"}, by=admin)
    for amount in range(27):
        fee = {"amount": f"{amount}.50", "currency": "EUR"}
        make_contact(owner=admin, custom={"nivel": "oro", "cuota": fee})
    make_contact(owner=make_user(team=make_team()), custom={"nivel": "oro"})
    board = {"shape": "board", "by": "custom.nivel", "columns": "name,custom.cuota"}

    def heads():
        page = client.get("/contacts", board).content.decode()
        found = re.findall(r'<div class="column" data-value="(.*?)">(.*?)</header>', page, re.S)
        return {value: re.sub(r"<[^>]+>", " ", head) for value, head in found}

    told = heads()
    assert " 28 " in told["oro"] and " 0 " in told["plata"] and "27+" not in told["oro"]
    assert "364,50" in told["oro"] and "Cuota" in told["oro"]
    cost = query_cost(client.get, "/contacts", board)
    make_contact(owner=admin, custom={"nivel": "plata"})
    assert query_cost(client.get, "/contacts", board) == cost


@pytest.mark.parametrize(("name", "by"), [("contacts", "lifecycle"), ("leads", "status"),
                                          ("quotes", "status")])  # fmt: skip
def test_a_board_begins_by_what_every_record_has(client, admin, name, by):
    page = client.get(f"/{name}", {"shape": "board"})
    assert page.context["shape"]["by"].name == by


def test_quotes_in_several_currencies_are_added_up_each_by_itself(client, admin):
    line = {"product": make_product(price=100).public_id, "price": 50}
    for currency in ("EUR", "EUR", "USD"):
        make_quote(owner=admin, currency=currency, lines=[line])
    page = client.get("/quotes", {"shape": "board", "by": "status"}).content.decode()
    head = page[page.index('data-value="draft"') :].partition("</header>")[0]
    assert ">3</small>" in head and " + " in head


def test_a_card_moves_only_where_one_may_and_by_what_a_board_has(client, admin):
    ana = make_contact(owner=admin, lifecycle="lead")
    address = f"/contacts/{ana.public_id}/card"
    assert client.post(address, {"by": "source", "value": "x"}).status_code == 404
    client.post(address, {"by": "lifecycle", "value": "king"})
    client.force_login(make_user())
    assert client.post(address, {"by": "lifecycle", "value": "customer"}).status_code == 404
    ana.refresh_from_db()
    assert ana.lifecycle == "lead"


def test_a_calendar_shows_records_on_their_days_of_one_month(client, admin):
    add_field("contacts", "date", {"label_es": "Visita"}, by=admin)
    make_contact(owner=admin, given_name="Ana", custom={"visita": "2026-02-14"})
    make_contact(owner=admin, given_name="Eva", custom={"visita": "2026-03-14"})

    shape = {"shape": "calendar", "by": "custom.visita", "month": "2026-02"}
    page = client.get("/contacts", shape).content.decode()

    assert "Ana García" in page and "Eva García" not in page
    today = client.get("/contacts", {"shape": "calendar", "by": "created_at"}).content.decode()
    assert "Ana García" in today
    assert str(timezone.localdate().year) in today


def test_groups_count_and_add_up_what_the_list_shows(client, admin):
    add_field("contacts", "number", {"label_es": "Cajas"}, by=admin)
    add_field("contacts", "money", {"label_es": "Gasto", "currency": "EUR"}, by=admin)
    for lifecycle, boxes, city in (("lead", 2, "Ávila"), ("lead", 3, "León"), ("customer", 5, "")):
        make_contact(owner=admin, lifecycle=lifecycle, custom={"cajas": boxes, "gasto": 10},
                     addresses=[{"city": city, "country": "ES"}] if city else [])  # fmt: skip

    shown = {"columns": "name,custom.cajas,custom.gasto", "shape": "groups"}
    page = " ".join(client.get("/contacts", shown | {"by": "lifecycle"}).content.decode().split())
    cells = ["2", "5", "2,5", "20,00 €", "10,00 €"]
    assert "".join(f'<td class="end num">{cell}</td>' for cell in cells) in page
    for by in ("owner", "city", "source"):
        assert client.get("/contacts", shown | {"by": by}).status_code == 200
    assert "León" in client.get("/contacts", shown | {"by": "city"}).content.decode()


@pytest.mark.parametrize("shape", ["", "board", "calendar", "groups"])
def test_every_shape_costs_the_same_for_one_row_as_for_many(client, admin, shape):
    make_contact(owner=admin)
    address = f"/contacts?view=none&shape={shape}"
    client.get(address)
    cost_of_one = query_cost(client.get, address)
    for _ in range(5):
        make_contact(owner=admin)
    assert query_cost(client.get, address) == cost_of_one


def test_what_an_address_makes_up_shows_a_table(client, admin):
    for made_up in ("shape=cube", "shape=board&by=nothing", "shape=calendar&by=name&month=x",
                    "shape=groups&by=emails", "view=zzzzzzzzzz"):  # fmt: skip
        assert client.get(f"/contacts?{made_up}").status_code == 200, made_up
    assert Role.objects.exists()


def test_groups_say_what_they_come_to_in_all_and_within_each_other(client, admin):
    add_field("contacts", "number", {"label_es": "Cajas"}, by=admin)
    for lifecycle, source, boxes in (
        ("lead", "Web", 2),
        ("lead", "Feria", 3),
        ("customer", "Web", 5),
    ):
        make_contact(owner=admin, lifecycle=lifecycle, source=source, custom={"cajas": boxes})
    asked = "/contacts?columns=name,custom.cajas&shape=groups&by=lifecycle&by=source"

    page = " ".join(client.get(asked).content.decode().split())
    whole = page[page.index("<tfoot>") : page.index("</tfoot>")]
    assert ">En total<" in whole and ">3<" in whole and ">10<" in whole
    lead = page[page.index(">Interesado<") :]
    assert lead.index(">Feria<") < lead.index("</tbody>")
    found = re.findall(r'href="(\?[^"]+)">Feria<', page)[0].replace("&amp;", "&")
    assert "1 registro" in client.get("/contacts" + found).content.decode()

    client.post("/contacts/views/save", {"name": "Por dos", "shape": "groups", "sharing": "own",
                                         "by": "lifecycle,source"})  # fmt: skip
    view = SavedView.objects.get(name="Por dos")
    assert (view.shape, view.by) == ("groups", "lifecycle,source")
    answer, query = opened(client, view)
    assert answer.status_code == 302 and query["by"] == ["lifecycle,source"]


def test_days_are_grouped_by_their_months_the_latest_first(client, admin):
    add_field("contacts", "date", {"label_es": "Renueva"}, by=admin)
    for day in ("2026-03-31", "2026-03-01", "2027-01-15", None):
        make_contact(owner=admin, custom={"renueva": day} if day else {})

    for by, first in (
        ("custom.renueva", "enero de 2027"),
        ("created_at", one.month(timezone.localdate())),
    ):
        page = client.get(f"/contacts?shape=groups&by={by}").content.decode()
        assert first in page
        row = r'class="link" href="(\?[^"]+)">([^<]+)</a></th><td class="end num">(\d+)'
        links = re.findall(row, page)
        assert links
        for address, label, count in links:
            told = client.get("/contacts" + address.replace("&amp;", "&")).content.decode()
            assert f"{count} registro" in told, label


def test_more_groups_than_are_shown_are_not_left_out_without_a_word(client, admin, monkeypatch):
    monkeypatch.setattr(grouping, "MOST_GROUPS", 1)
    for lifecycle in ("lead", "customer"):
        make_contact(owner=admin, lifecycle=lifecycle)

    page = client.get("/contacts?shape=groups&by=lifecycle").content.decode()

    assert "Hay más grupos que estos" in page


def test_a_view_that_was_saved_changed_or_deleted_is_undone_from_the_message(client, admin):
    def undo():
        client.post(client.session["circulo.toasts"][-1]["undo"])
        client.get("/contacts?view=none")

    view = save(client)
    undo()
    assert not SavedView.objects.exists()

    view = save(client)
    client.get("/contacts?view=none")
    client.post("/contacts/views/save", {"view": view.public_id, "update": "1", "sort": "name"})
    assert SavedView.objects.get().sort == "name"
    undo()
    assert SavedView.objects.get().sort == "-name"

    client.post(f"/contacts/views/{view.public_id}/delete")
    assert not SavedView.objects.exists()
    undo()
    again = SavedView.objects.get()
    assert (again.pk, again.criterion, again.sort) == (view.pk, CUSTOMERS, "-name")
