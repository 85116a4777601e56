"""Saved views over the API: kept, shared, changed, and applied to a list within one's rights."""

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.records.actions.own_fields import add_field, hide_own_field
from circulo.records.models import SavedView
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
CUSTOMERS = {"field": "lifecycle", "op": "is", "value": "customer"}
SAID = {"resource": "contacts", "name": "Clientes", "criterion": CUSTOMERS, "search": "gil",
        "columns": ["name", "emails", "city"], "widths": {"emails": 240}, "density": "dense",
        "sort": "lifecycle,-name", "shape": "map", "by": "province", "sharing": "all"}  # fmt: skip


def test_a_view_is_kept_read_changed_and_deleted():
    seller = Program(make_user())

    made = seller.post("views", SAID)
    assert made.status_code == 201, made.content
    view = made.json()
    assert {name: view[name] for name in SAID} == SAID
    where = f"views/{view['id']}"
    assert made.headers["Location"] == f"/api/v1/{where}"
    assert seller.get(where).json() == view
    assert [one["id"] for one in seller.get("views").json()["items"]] == [view["id"]]

    changed = seller.patch(where, {"name": "Socios", "criterion": None})
    assert (changed.json()["name"], changed.json()["criterion"]) == ("Socios", None)
    assert seller.delete(where).status_code == 204
    assert seller.get(where).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", " "), ("name", 7), ("resource", "topics"), ("resource", []), ("shape", "cube"),
        ("criterion", {"field": "secret", "op": "is", "value": 1}), ("criterion", "all"),
        ("columns", "name"), ("columns", ["nothing"]), ("columns", [{}]),
        ("widths", {"emails": 5}), ("widths", {"nothing": 100}), ("widths", {"emails": True}),
        ("widths", []), ("density", "airy"), ("density", None), ("sort", "nothing"), ("sort", 1),
        ("sort", "name,-name,created_at,lifecycle"), ("by", "nothing"), ("by", ["name"]),
        ("sharing", "friends"), ("for_roles", ["seller"]), ("for_roles", [[]]), ("colour", 1),
        ("search", "x" * 201), ("search", "\0"),
    ],
)  # fmt: skip
def test_what_no_view_can_be_is_refused_by_name(name, value):
    refused = Program(make_user()).post("views", SAID | {name: value})

    assert refused.status_code == 422, refused.content
    assert list(refused.json()["error"]["fields"]) == [name]
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_only_administrators_say_what_roles_begin_with():
    seller, admin = Program(make_user()), Program(make_user("admin"))
    seller.post("views", SAID)

    assert list(seller.post("views", SAID).json()["error"]["fields"]) == ["name"]
    assert admin.post("views", SAID | {"for_roles": ["seller"]}).json()["for_roles"] == ["seller"]


@pytest.mark.parametrize(
    ("sharing", "seen_by"),
    [("own", set()), ("team", {"same", "below"}), ("all", {"same", "below", "other"})],
)
def test_a_view_is_read_by_those_it_is_shared_with_and_changed_by_its_owner(sharing, seen_by):
    top = make_team()
    where = f"views/{_kept(Program(make_user(team=top)), sharing=sharing)}"
    readers = {"same": top, "below": make_team(parent=top), "other": make_team()}

    for name, team in readers.items():
        reader = Program(make_user(team=team))
        seen = name in seen_by
        assert reader.get(where).status_code == (200 if seen else 404), name
        listed = reader.get("contacts", view=where.removeprefix("views/"))
        assert listed.status_code == (200 if seen else 404), name
        assert len(reader.get("views").json()["items"]) == seen
        for answer in (reader.patch(where, {"name": "Mía"}), reader.delete(where)):
            assert answer.status_code == (403 if seen else 404), name


def test_administrators_change_what_others_share_and_nothing_that_is_theirs_alone():
    seller, admin = Program(make_user()), Program(make_user("admin"))
    shared, own = _kept(seller), _kept(seller, name="Mía", sharing="own")

    assert admin.patch(f"views/{shared}", {"density": "roomy"}).json()["density"] == "roomy"
    assert admin.patch(f"views/{own}", {"density": "roomy"}).status_code == 404


def test_a_stale_write_is_refused_and_a_call_sent_twice_counts_once():
    seller = Program(make_user())
    first = seller.post("views", SAID, Idempotency_Key="k1")
    again = seller.post("views", SAID, Idempotency_Key="k1")
    where, read = f"views/{first.json()['id']}", first.headers["ETag"]

    assert (again.status_code, again.json()) == (201, first.json())
    assert seller.get(where, headers={"If-None-Match": read}).status_code == 304
    assert seller.patch(where, {"density": "roomy"}, If_Match=read).status_code == 200
    stale = seller.patch(where, {"density": "normal"}, If_Match=read)
    assert stale.status_code == 409
    assert stale.json()["error"]["current"]["density"] == "roomy"
    assert seller.delete(where, If_Match=read).status_code == 409


def test_a_list_follows_a_view_in_its_filter_order_and_columns():
    user = make_user()
    seller = Program(user)
    add_field("contacts", "number", {"label_es": "Cajas"}, by=None)
    add_field("contacts", "number", {"label_es": "Palés"}, by=None)
    firm = make_company(name="Duero", owner=user)
    for given, lifecycle in (("Ana", "customer"), ("Eva", "customer"), ("Ida", "lead")):
        make_contact(owner=user, given_name=given, first_surname="Gil", lifecycle=lifecycle,
                     company=firm, custom={"cajas": 3, "pales": 1},
                     addresses=[{"city": "Ávila"}])  # fmt: skip
    make_contact(owner=user, given_name="Ana", first_surname="Rey", lifecycle="customer")
    view = _kept(seller, columns=["name", "city", "company", "custom.cajas"])

    found = seller.get("contacts", view=view).json()

    assert [one["name"] for one in found["items"]] == ["Eva Gil", "Ana Gil"]
    assert found["count"] == 2
    assert set(found["items"][0]) == {"id", "kind", "name", "version", "addresses", "company",
                                      "company_name", "custom"}  # fmt: skip
    assert found["items"][0]["custom"] == {"cajas": 3}
    turned = seller.get("contacts", view=view, sort="name", limit="1").json()
    assert [one["name"] for one in turned["items"]] == ["Ana Gil"]
    onwards = seller.get("contacts", view=view, sort="name", cursor=turned["next"]).json()
    assert [one["name"] for one in onwards["items"]] == ["Eva Gil"]
    assert len(seller.get("contacts", view=view, q="eva").json()["items"]) == 1
    assert seller.get("companies", view=view).status_code == 404
    assert seller.get("contacts", view="nonsense").status_code == 404


def test_a_shared_view_lists_no_record_that_the_reader_may_not_see():
    owner = make_user(team=make_team())
    make_contact(owner=owner, given_name="Oculta", first_surname="Gil", lifecycle="customer")
    view = _kept(Program(owner))

    assert Program(make_user(team=make_team())).get("contacts", view=view).json()["items"] == []


def test_what_a_role_does_not_see_of_a_view_is_not_told():
    admin = make_user("admin")
    margin = add_field("contacts", "number", {"label_es": "Margen"}, by=admin)
    hidden = {"field": "custom.margen", "op": "gt", "value": 4711}
    closed = _kept(Program(admin), criterion=hidden)
    open_one = _kept(Program(admin), name="Otra", search="", criterion=None,
                     columns=["emails", "custom.margen"], widths={"custom.margen": 90},
                     sort="-custom.margen", shape="groups", by="custom.margen")  # fmt: skip
    hide_own_field(margin, ["seller"], by=admin)
    user = make_user()
    make_contact(owner=user, custom={"margen": 4712})
    seller = Program(user)

    told = seller.get(f"views/{closed}").json()
    assert (told["is_closed"], "criterion" in told) == (True, False)
    assert seller.get("contacts", view=closed).status_code == 403
    for path in (f"views/{closed}", f"views/{open_one}", "views", f"contacts?view={closed}"):
        answer = seller.get(path).content.decode()
        assert "4711" not in answer and "margen" not in answer.lower(), path
    listed = seller.get("contacts", view=open_one)
    assert listed.status_code == 200
    assert "custom" not in listed.json()["items"][0]


def test_who_sees_no_contacts_sees_no_views_of_them():
    view = _kept(Program(make_user("admin")))
    Role.objects.filter(pk="seller").update(rights={"contacts": {"view": "none"}})
    seller = Program(make_user())

    assert seller.get("views").json()["items"] == []
    assert seller.get(f"views/{view}").status_code == 404
    assert list(seller.post("views", SAID).json()["error"]["fields"]) == ["resource"]


def test_views_cost_the_same_for_one_as_for_many():
    seller = Program(make_user())
    _kept(seller)
    seller.get("views")
    cost_of_one = query_cost(seller.get, "views")
    for number in range(5):
        _kept(seller, name=f"Vista {number}")
    assert query_cost(seller.get, "views") == cost_of_one


def _kept(program: Program, **said) -> str:
    made = program.post("views", SAID | said)
    assert made.status_code == 201, made.content
    identifier: str = made.json()["id"]
    return identifier
