"""An administrator defines fields on screen; what they need of the records is done by a job."""

import pytest
from django.db import connection
from django.urls import reverse

from circulo.accounts.models import Audit, Role
from circulo.lib.compiled import compiled
from circulo.parties.models import Party
from circulo.records import criteria, jobs, paging
from circulo.records.actions.own_fields import add_field, change_field, remove_field, retire_field
from circulo.records.models import OwnField
from circulo.records.own import indexes
from circulo.records.resources import resource
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def at(name, *arguments):
    return reverse(f"records:{name}", args=["contacts", *arguments])


NEW = {"label_es": "Nivel de cliente", "label_en": "Tier", "choices_key": ["", "", ""],
       "choices_es": ["Plata", "Oro", ""], "choices_en": ["Silver", "Gold", ""],
       "choices_place": ["2", "1", "3"], "hidden_from": ["analyst"], "key": ""}  # fmt: skip


def test_a_field_is_defined_on_a_form_and_stands_in_the_list_of_fields(client, admin):
    answer = client.post(f"{at('new_field')}?kind=choice", NEW)

    field = OwnField.objects.get()
    assert answer.status_code == 302
    assert (field.key, field.offered()) == ("nivel_de_cliente", {"oro": "Oro", "plata": "Plata"})
    assert Role.objects.get(pk="analyst").hidden == {"contacts": ["custom.nivel_de_cliente"]}
    assert "Nivel de cliente" in client.get(at("fields_of")).content.decode()
    assert Audit.objects.filter(what="field_changed").exists()


def test_a_field_that_was_just_added_goes_out_of_use_from_the_message(client, admin):
    client.post(f"{at('new_field')}?kind=text", {"label_es": "Apodo"})

    client.post(client.session["circulo.toasts"][-1]["undo"])

    assert OwnField.objects.get().is_retired
    client.post(client.session["circulo.toasts"][-1]["undo"])
    assert not OwnField.objects.get().is_retired


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(client, admin):
    answer = client.post(
        f"{at('new_field')}?kind=computed", {"label_es": "Doble", "formula": "2 *"}
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "2 *" in page and "Doble" in page and 'id="id_formula_wrong"' in page
    assert not OwnField.objects.exists()


def test_rows_are_added_without_judging_the_form(client, admin):
    answer = client.post(f"{at('new_field')}?kind=choice", {"more": "choices", "label_es": ""})
    assert answer.status_code == 200
    assert 'class="wrong"' not in answer.content.decode()


def test_a_choice_that_is_renamed_keeps_its_key_and_one_taken_out_its_records(client, admin):
    field = add_field("contacts", "choice", {"label_es": "Nivel", "choices": ["Oro", "Plata"]},
                      by=admin)  # fmt: skip
    client.post(at("field", field.key), {
        "label_es": "Nivel", "choices_key": ["plata", "oro"], "choices_es": ["Bronce", "Oro"],
        "choices_en": ["", ""], "choices_place": ["1", "2"], "choices_gone": ["oro"],
    })  # fmt: skip

    field.refresh_from_db()
    assert field.labels() == {"plata": "Bronce", "oro": "Oro"}
    assert field.offered() == {"plata": "Bronce"}


def test_fields_are_ordered_by_buttons_and_by_dragging(client, admin):
    for label in ("A uno", "B dos", "C tres"):
        add_field("contacts", "text", {"label_es": label}, by=admin)
    order = lambda: list(OwnField.objects.in_order().values_list("key", flat=True))  # noqa: E731

    client.post(at("move_field", "c_tres"), {"up": "1"})
    assert order() == ["a_uno", "c_tres", "b_dos"]
    client.post(at("move_field", "a_uno"), {"down": "1"})
    assert order() == ["c_tres", "a_uno", "b_dos"]
    client.post(at("order_fields"), {"key": ["b_dos", "a_uno", "c_tres"]})
    assert order() == ["b_dos", "a_uno", "c_tres"]


def test_the_example_shows_the_control_or_what_the_formula_gives(client, admin):
    add_field("contacts", "number", {"label_es": "Cajas"}, by=admin)
    make_contact(owner=admin, given_name="Ana", first_surname="Gil", custom={"cajas": 21})

    shown = client.post(at("example_of_field"), {"kind": "computed", "formula": "cajas * 2"})
    wrong = client.post(at("example_of_field"), {"kind": "computed", "formula": "cajas *"})
    control = client.post(at("example_of_field"), {"kind": "date", "label_es": "Visita"})

    assert "42" in shown.content.decode() and "Ana Gil" in shown.content.decode()
    assert "wrong" in wrong.content.decode()
    assert 'type="date"' in control.content.decode()


def test_what_would_become_of_values_is_told_as_people_read_them(client, admin):
    made = add_field("contacts", "money", {"label_es": "Gasto"}, by=admin)
    OwnField.objects.update(pending=[])
    make_contact(owner=admin, custom={"gasto": {"amount": "1620.00", "currency": "EUR"}})

    page = client.get(at("convert_field", made.key), {"kind": "number"}).content.decode()
    assert "amount" not in page and "1.620,00" in page and "<td>1.620</td>" in page

    page = client.get(at("convert_field", made.key), {"kind": "yes_no"}).content.decode()
    assert "ni sí ni no" in page and "Convertir" not in page
    assert "Cambiarlo y apartar todos los valores" in page


def test_another_kind_is_previewed_with_counts_and_examples_before_it_is_done(client, admin):
    field = add_field("contacts", "text", {"label_es": "Cajas"}, by=admin)
    OwnField.objects.update(pending=[])
    for value in ("12", "muchas"):
        make_contact(owner=admin, custom={"cajas": value})

    page = client.get(at("convert_field", field.key), {"kind": "number"}).content.decode()
    assert "<strong>1</strong>" in page and "muchas" in page and "cajas_before" in page
    assert OwnField.objects.get().kind == "text"

    client.post(at("convert_field", field.key), {"kind": "number"})
    field.refresh_from_db()
    assert (field.kind, field.pending) == ("number", ["convert"])


def test_removing_names_the_number_of_values_and_needs_the_field_retired(client, admin):
    field = add_field("contacts", "text", {"label_es": "Cajas"}, by=admin)
    make_contact(owner=admin, custom={"cajas": "x"})
    assert client.post(at("remove_field", field.key), {"confirmed": "1"}).status_code == 409
    client.post(at("retire_field", field.key))
    assert client.post(at("remove_field", field.key), {"confirmed": "7"}).status_code == 409

    page = client.get(at("remove_field", field.key)).content.decode()
    assert 'name="confirmed" value="1"' in page
    assert client.post(at("remove_field", field.key), {"confirmed": "1"}).status_code == 302


def test_the_list_of_fields_costs_the_same_for_one_as_for_many(client, admin):
    add_field("contacts", "text", {"label_es": "Uno"}, by=admin)
    OwnField.objects.update(pending=[])
    client.get(at("fields_of"))
    cost_of_one = query_cost(client.get, at("fields_of"))
    for number in range(5):
        add_field("contacts", "text", {"label_es": f"Campo {number}"}, by=admin)
    OwnField.objects.update(pending=[])
    client.get(at("fields_of"))
    assert query_cost(client.get, at("fields_of")) == cost_of_one


@pytest.mark.parametrize("role", ["manager", "seller", "auditor"])
def test_only_administrators_define_fields(client, role):
    client.force_login(make_user(role))
    for address in (reverse("records:fields"), at("new_field")):
        assert client.get(address).status_code == 403


def plan_of(rows):
    sql, parameters = compiled(rows)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET ALL")
    return plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("number", {}, 5), ("date", {}, "2026-01-01"), ("text", {}, "Peña"),
        ("choice", {"choices": ["a"]}, "a"), ("yes_no", {}, True), ("money", {}, 5),
        ("computed", {"formula": "round(2 * size_in_boxes, 1)"}, 4),
    ],
)  # fmt: skip
def test_a_fast_field_gets_an_index_that_filtering_and_sorting_use(kind, said, value):
    admin = make_user("admin")
    add_field("contacts", "number", {"label_es": "Size in boxes"}, by=None)
    field = add_field("contacts", kind, {"label_es": "Rápido", "is_fast": True, **said}, by=None)
    make_contact(owner=admin)

    jobs.tend_field(field.pk)

    field.refresh_from_db()
    assert (field.pending, field.trouble) == ([], "")
    assert indexes.stands(field)
    contacts, name = resource("contacts"), indexes.name_of(field)
    criterion = {"field": "custom.rapido", "op": "is", "value": value}
    rows = contacts.visible(admin)
    assert name in plan_of(criteria.narrow(rows, contacts, criterion, admin).order_by())
    sort = paging.sort_of(contacts, "custom.rapido", admin)
    assert name in plan_of(sort.prepared(rows).order_by(*sort.order_by())[:51])
    jobs.tend_field(change_field(field, {"is_fast": False}, by=None).pk)
    assert not indexes.stands(field)


@pytest.mark.django_db(transaction=True)
def test_the_job_removes_a_field_with_its_values_and_its_index():
    field = add_field("contacts", "number", {"label_es": "Cajas", "is_fast": True}, by=None)
    ana = make_contact(custom={"cajas": 1, "otro": 2})
    jobs.tend_field(field.pk)
    retire_field(field, by=None)
    remove_field(field, confirmed=1, by=None)

    jobs.tend_field(field.pk)

    assert Party.objects.get(pk=ana.pk).custom == {"otro": 2}
    assert not OwnField.objects.exists()
    assert not indexes.stands(field)
