import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.records.models import OwnField
from circulo.testing.cost import query_cost
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
TIER = {"resource": "contacts", "kind": "choice", "key": "tier", "label_es": "Nivel",
        "label_en": "Tier", "choices": [{"key": "gold", "es": "Oro", "en": "Gold"}]}  # fmt: skip


def test_a_field_is_defined_used_filtered_and_retired():
    admin = Program(make_user("admin"))

    made = admin.post("fields", TIER)
    ana = admin.post("contacts", {"given_name": "Ana", "custom": {"tier": "gold", "loose": 1}})
    wrong = admin.post("contacts", {"given_name": "Eva", "custom": {"tier": "tin"}})
    kept = admin.patch(f"contacts/{ana.json()['id']}", {"custom": {"loose": None}})
    found = admin.get(
        'contacts?filter={"field":"custom.tier","op":"is","value":"gold"}&sort=-custom.tier'
    )

    assert made.status_code == 201, made.content
    assert (made.json()["name"], made.json()["type"]) == ("custom.tier", "choice")
    assert ana.json()["custom"] == {"tier": "gold", "loose": 1}
    assert list(wrong.json()["error"]["fields"]) == ["custom.tier"]
    assert kept.json()["custom"] == {"tier": "gold"}
    assert [one["given_name"] for one in found.json()["items"]] == ["Ana"]
    assert admin.delete(f"fields/{made.json()['id']}").status_code == 204
    assert admin.get(f"contacts/{ana.json()['id']}").json()["custom"] == {}
    back = admin.patch(f"fields/{made.json()['id']}", {"is_retired": False})
    assert back.json()["is_retired"] is False


def test_a_hidden_field_is_neither_read_nor_written_nor_listed():
    admin, person = Program(make_user("admin")), make_user()
    made = admin.post("fields", {"resource": "contacts", "kind": "number", "key": "margin"}).json()
    Role.objects.filter(pk="seller").update(hidden={"contacts": ["custom.margin"]})
    seller = Program(person)
    ana = seller.post("contacts", {"given_name": "Ana"}).json()
    admin.patch(f"contacts/{ana['id']}", {"custom": {"margin": 77}})

    for address in ("contacts", f"contacts/{ana['id']}", f"contacts/{ana['id']}/overview"):
        assert "margin" not in seller.get(address).content.decode()
    written = seller.patch(f"contacts/{ana['id']}", {"custom": {"margin": 1}})
    assert written.status_code == 422
    for query in ('filter={"field":"custom.margin","op":"gt","value":1}', "sort=custom.margin"):
        assert seller.get(f"contacts?{query}").status_code == 400
    assert seller.get("fields").json()["items"] == []
    assert seller.get(f"fields/{made['id']}").status_code == 404
    assert admin.get(f"contacts/{ana['id']}").json()["custom"] == {"margin": 77}


def test_who_is_no_administrator_reads_fields_and_changes_none():
    made = Program(make_user("admin")).post("fields", TIER).json()
    seller = Program(make_user())

    assert seller.get(f"fields/{made['id']}").json()["label_es"] == "Nivel"
    assert seller.post("fields", TIER | {"key": "other"}).status_code == 403
    assert seller.patch(f"fields/{made['id']}", {"label_es": "X"}).status_code == 403
    assert seller.delete(f"fields/{made['id']}").status_code == 403
    assert OwnField.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"resource": "planets"}, "resource"), ({"kind": "poem"}, "kind"), ({"key": "Ñ"}, "key"),
        ({"choices": "gold"}, "choices"), ({"colour": 1}, "colour"), ({"is_fast": 1}, "is_fast"),
        ({"key": "lifecycle"}, "key"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(said, wrong):
    answer = Program(make_user("admin")).post("fields", TIER | said)
    assert answer.status_code == 422
    assert wrong in answer.json()["error"]["fields"]


def test_own_fields_cost_a_list_and_an_overview_no_statement_more():
    admin = Program(make_user("admin"))
    ana = admin.post("contacts", {"given_name": "Ana", "custom": {"tier": "gold"}}).json()
    addresses = ("contacts", f"contacts/{ana['id']}/overview")
    before = [cost_of(admin, address) for address in addresses]
    admin.post("fields", TIER)
    admin.post("fields", {"resource": "contacts", "kind": "computed", "key": "twice",
                          "formula": 'concat(tier, tier)'})  # fmt: skip

    assert [cost_of(admin, address) for address in addresses] == before
    assert admin.get(addresses[0]).json()["items"][0]["custom"]["twice"] == "goldgold"


def cost_of(program, address):
    program.get(address)
    return query_cost(program.get, address)


def test_the_list_of_fields_costs_the_same_for_one_as_for_many():
    admin = Program(make_user("admin"))
    admin.post("fields", TIER)
    cost_of_one = cost_of(admin, "fields")
    for number in range(4):
        admin.post("fields", TIER | {"key": f"tier{number}"})
    assert cost_of(admin, "fields") == cost_of_one
