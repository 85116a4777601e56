import json
from urllib.parse import parse_qs, urlsplit

import pytest

from circulo.lib import ids
from circulo.records.criteria_words import OPERATORS
from circulo.records.resources import resource
from circulo.records.trees import Group, text_of
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
LEAD = {"field": "lifecycle", "op": "is", "value": "lead"}
VIP = {"field": "tags", "op": "is", "value": "vip"}


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def chosen(client, criterion=None, **said):
    """The criterion that a click in the panel leads to."""
    said = ({"filter": json.dumps(criterion)} if criterion else {}) | said
    answer = client.get("/contacts/filter", said)
    assert answer.status_code == 302, answer.status_code
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert client.get(answer.headers["Location"]).status_code == 200
    return json.loads(query["filter"][0]) if "filter" in query else None


def test_a_first_condition_stands_alone_and_the_second_joins_it(client, admin):
    first = chosen(client, field="lifecycle", op="in", values=["lead", "customer"])
    assert first == {"field": "lifecycle", "op": "in", "value": ["lead", "customer"]}
    assert chosen(client, first, field="tags", op="is", value="vip") == {"all": [first, VIP]}


def test_groups_of_any_and_none_begin_with_their_first_condition(client, admin):
    any_of = chosen(client, LEAD, field="tags", op="is", value="vip", into="new:any")
    assert any_of == {"all": [LEAD, {"any": [VIP]}]}
    more = chosen(client, any_of, field="job_title", op="empty", into="1", is_not="1")
    assert more == {"all": [LEAD, {"any": [VIP, {"not": {"field": "job_title", "op": "empty",
                                                         "value": True}}]}]}  # fmt: skip
    none_of = chosen(client, LEAD, field="tags", op="is", value="vip", into="new:not-any")
    assert none_of == {"all": [LEAD, {"not": {"any": [VIP]}}]}


def test_a_condition_is_turned_round_and_taken_away(client, admin):
    both = {"all": [LEAD, {"any": [VIP, LEAD]}]}
    assert chosen(client, both, turn="1.0")["all"][1] == {"any": [{"not": VIP}, LEAD]}
    assert chosen(client, both, drop="1.0")["all"][1] == {"any": [LEAD]}
    assert chosen(client, both, drop="1") == LEAD
    assert chosen(client, LEAD, drop="0") is None


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"field": "created_at", "op": "within_days", "days": "30"}, 30),
        ({"field": "birthday", "op": "between", "value": "1980-01-01", "upper": "1990-01-01"},
         ["1980-01-01", "1990-01-01"]),
        ({"field": "created_at", "op": "lte", "value": "2026-01-31"},
         "2026-01-31T23:59:59.999999"),
        ({"field": "city", "op": "in", "value": "León, Ávila"}, ["León", "Ávila"]),
        ({"field": "emails", "op": "filled"}, False),
    ],
)  # fmt: skip
def test_every_type_has_its_way_to_say_a_value(client, admin, said, value):
    assert chosen(client, **said)["value"] == value


def test_a_firm_is_found_by_name_and_then_ticked(client, admin):
    firm = make_company(name="Alimentos Duero", owner=admin)
    make_contact(given_name="Duero", owner=admin)

    asked = client.get("/contacts/filter", {"field": "company", "op": "in", "find": "duero"})
    assert [text for _id, text, _ticked in asked.context["panel"].choices] == ["Alimentos Duero"]
    said = chosen(client, field="company", op="in", find="duero", values=[firm.public_id])
    assert said["value"] == [firm.public_id]
    page = client.get("/contacts", {"filter": json.dumps(said)}).content.decode()
    assert "Alimentos Duero" in page


def test_the_name_of_a_firm_one_may_not_see_is_not_told(client):
    seller = make_user(team=make_team())
    firm = make_company(name="Secreta", owner=make_user(team=make_team()))
    client.force_login(seller)
    said = {"field": "company", "op": "is", "value": firm.public_id}
    assert "Secreta" not in client.get("/contacts", {"filter": json.dumps(said)}).content.decode()
    found = client.get("/contacts/condition", {"field": "company", "find": "secreta"})
    assert f'value="{firm.public_id}"' not in found.content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"field": "created_at", "op": "within_days", "days": "x"},
        {"field": "birthday", "op": "between", "value": "x", "upper": ""},
        {"field": "city", "op": "is", "value": ""},
        {"field": "city", "op": "nope", "value": "x"},
        {"field": "city", "op": "is", "value": "\0"},
        {"field": "city", "op": "is", "value": "x" * 5000},
        {"field": "owner", "op": "in", "values": ["nope"]},
        {"drop": "7"},
        {"turn": "x"},
        {"field": "tags", "op": "is", "value": "x", "into": "9.9"},
        {"field": "tags", "op": "is", "value": "x", "into": "new:nope"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(client, admin, said):
    answer = client.get("/contacts/filter", {"filter": json.dumps(LEAD)} | said)
    assert answer.status_code == 422
    assert answer.context["list"].tree == Group.of(LEAD)
    assert answer.context["panel"].errors


def test_every_field_of_every_list_can_be_chosen(client, admin):
    for name in ("contacts", "companies"):
        for field in resource(name).fields.values():
            assert client.get(f"/{name}/condition", {"field": field.name}).status_code == 200
            assert OPERATORS[field.type]


def test_the_tree_says_the_same_as_the_json_it_was_read_from():
    deep = {"any": [LEAD, {"not": {"all": [VIP]}}]}
    for said in (LEAD, {"not": LEAD}, {"all": [LEAD, VIP]}, deep, {"not": {"any": [LEAD]}}):
        assert json.loads(text_of(Group.of(said))) == said
    assert text_of(Group.of({"not": {"not": LEAD}})) == json.dumps(LEAD, separators=(",", ":"))
    assert ids.decode("user", "nope") is None


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ({"field": "created_at", "op": "during", "period": "this_month"},
         {"field": "created_at", "op": "during", "value": "this_month"}),
        ({"field": "birthday", "op": "next_days", "days": "7"},
         {"field": "birthday", "op": "next_days", "value": 7}),
        ({"field": "company.industry", "op": "contains", "value": "vino"},
         {"field": "company.industry", "op": "contains", "value": "vino"}),
        ({"field": "interactions.kind", "op": "empty", "lately": "30"},
         {"field": "interactions.kind", "op": "empty", "value": True, "within_days": 30}),
    ],
)  # fmt: skip
def test_periods_and_what_a_record_leads_to_are_conditions_too(client, admin, said, condition):
    assert chosen(client, **said) == condition


def test_the_panel_says_how_many_records_a_condition_would_leave(client, admin):
    make_contact(owner=admin, lifecycle="lead")
    make_contact(owner=admin)
    said = {"field": "lifecycle", "op": "in", "values": ["lead"]}

    assert "1 registro" in client.get("/contacts/count", said).content.decode()
    assert client.get("/contacts/count", {"field": "lifecycle"}).content.decode().strip() == ""


def test_whether_a_field_changed_is_asked_in_days_or_at_all(client, admin):
    lately = chosen(client, field="lifecycle", op="changed", lately="30", value="ignored")
    assert lately == {"field": "lifecycle", "op": "changed", "within_days": 30}
    ever = chosen(client, lately, field="job_title", op="changed", is_not="1")
    assert ever == {"all": [lately, {"not": {"field": "job_title", "op": "changed"}}]}

    page = client.get("/contacts", {"filter": json.dumps(ever)}).content.decode()
    assert "se cambió en los últimos 30 días" in page and "no: Cargo se cambió" in page
    panel = client.get("/contacts/condition", {"field": "lifecycle", "op": "changed"})
    assert 'value="changed"' in panel.content.decode()
    panel = client.get("/contacts/condition", {"field": "emails"})
    assert 'value="changed"' not in panel.content.decode()


def test_what_is_not_empty_is_said_to_be_filled_in(client):
    client.force_login(make_user("admin", language="en"))
    said = json.dumps({"not": {"field": "job_title", "op": "empty"}})

    page = client.get("/contacts", {"filter": said}).content.decode()

    assert "Job title is filled in" in page and "not: " not in page
