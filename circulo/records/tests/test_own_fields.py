"""Own fields on the ways data takes: read, listed, filtered, sorted, searched, computed, hidden."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions import add_party, change_party
from circulo.parties.drafts import read
from circulo.parties.models import Party
from circulo.parties.shown import parties_shown
from circulo.records import criteria, paging
from circulo.records.actions import own_fields, tending
from circulo.records.actions.own_fields import add_field, change_field
from circulo.records.models import OwnField
from circulo.records.resources import resource
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db
CONTACTS = "contacts"


def field(kind="text", label="Talla", **said):
    made = add_field(CONTACTS, kind, {"label_es": label, **said}, by=None)
    return tended(made)


def tended(made):
    """The field once all that it needs of its records is done, but for its index."""
    made.refresh_from_db()
    made.pending = [step for step in made.pending if step != "index"]
    tending.tend_field(made, is_enough=lambda: False)
    return made


def person(name, owner=None, **custom):
    return make_contact(owner=owner or boss(), given_name=name, custom=custom)


def boss():
    from circulo.accounts.models import User

    found = User.objects.filter(role="admin").select_related("role", "team").first()
    return found or make_user("admin")


def found(criterion, sort="name", user=None):
    kind, user = resource(CONTACTS), user or boss()
    rows = criteria.narrow(kind.visible(user), kind, criterion, user)
    seen, cursor = [], None
    while True:
        page = paging.page(rows, paging.sort_of(kind, sort, user), limit=2, cursor=cursor)
        seen += [row.given_name for row in page.rows]
        cursor = page.next
        if cursor is None:
            return seen


def is_(key, op="is", value=None):
    return {"field": f"custom.{key}", "op": op, "value": value}


EVERY_KIND: dict[str, tuple[Any, dict[str, Any]]] = {
    "text": ("Peña Ñu", {}), "long_text": ("Dos\nlíneas", {}), "number": (12.5, {}),
    "money": ({"amount": "1200.50", "currency": "EUR"}, {"currency": "EUR"}),
    "date": ("2026-02-28", {}), "moment": ("2026-02-28T10:00:00Z", {}),
    "time": ("09:30", {}), "yes_no": (False, {}),
    "choice": ("oro", {"choices": ["Oro", "Plata"]}),
    "choices": (["oro", "plata"], {"choices": ["Oro", "Plata"]}),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_value_is_stored_as_it_is_said_and_found_again(kind):
    value, more = EVERY_KIND[kind]
    field(kind, "Valor", **more)
    person("Ana", valor=value)
    person("Blas")

    assert Party.objects.get(given_name="Ana").custom == {"valor": value}
    assert found(is_("valor", "empty", False)) == ["Ana"]
    assert found({"not": is_("valor", "empty")}) == ["Ana"]
    wrong = {"date": "yesterday", "moment": "soon", "time": "noon", "number": "many",
             "money": "much", "yes_no": "perhaps", "choice": "barro",
             "choices": ["barro"]}.get(kind, 5)  # fmt: skip
    with pytest.raises(Invalid) as refused:
        person("Eva", valor=wrong)
    assert list(refused.value.fields) == ["custom.valor"]


@pytest.mark.parametrize("kind", [k for k in EVERY_KIND if k not in ("long_text", "choices")])
def test_a_list_is_sorted_by_it_the_empty_ones_first(kind):
    value, more = EVERY_KIND[kind]
    field(kind, "Valor", **more)
    person("Ana", valor=value)
    person("Blas")
    later = {"text": "Pez", "number": 100, "money": {"amount": "9999.00", "currency": "EUR"},
             "date": "2027-01-01", "moment": "2027-01-01T00:00:00Z", "time": "21:00",
             "yes_no": True, "choice": "plata"}[kind]  # fmt: skip
    person("Zoe", valor=later)

    assert found(None, "custom.valor") == ["Blas", "Ana", "Zoe"]
    assert found(None, "-custom.valor,name") == ["Zoe", "Ana", "Blas"]
    seen, sort = resource(CONTACTS).visible(boss()), "-custom.valor"
    rows = seen.exclude(given_name="Ana")
    order = paging.sort_of(resource(CONTACTS), sort, boss())
    page = paging.page_of_keys(rows, order, limit=1, among=seen)
    assert [Party.objects.get(pk=key).given_name for key in page.rows] == ["Zoe"] and page.next


def test_a_walk_in_the_order_of_an_own_field_is_not_sorted_again():
    field("number", "Valor")
    person("Ana", valor=1)
    seen = resource(CONTACTS).visible(boss())
    order = paging.sort_of(resource(CONTACTS), "-custom.valor", boss())
    with CaptureQueriesContext(connection) as asked:
        paging.page_of_keys(seen.exclude(given_name="Blas"), order, limit=0, among=seen)
    (walk,) = [query["sql"] for query in asked.captured_queries]

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {walk}")
        assert [line.count("Sort  (") for (line,) in cursor].count(1) == 1


def test_a_narrowed_list_is_sorted_by_a_part_of_a_date():
    field("computed", "Año", formula="year(birthday)")
    for name, day in (("Ana", "1980-05-12"), ("Blas", "1991-01-01"), ("Zoe", "1970-02-02")):
        make_contact(given_name=name, birthday=day)
    contacts = resource(CONTACTS)
    seen, order = contacts.visible(boss()), paging.sort_of(contacts, "-custom.ano", boss())
    page = paging.page_of_keys(seen.exclude(given_name="Blas"), order, limit=1, among=seen)
    assert [Party.objects.get(pk=key).given_name for key in page.rows] == ["Ana"]


def test_every_operator_leaves_out_what_is_empty():
    field("number", "Puntos")
    field("text", "Apodo", is_searchable=True)
    field("choices", "Gustos", choices=["Vino", "Queso"])
    field("date", "Visita")
    field("yes_no", "Vip")
    person("Ana", puntos=5, apodo="Peña", gustos=["vino"], visita="2026-11-20", vip=True)
    person("Blas", puntos=-3, apodo="Pena larga", gustos=["vino", "queso"], vip=False)
    person("Eva")

    expected = [
        (is_("puntos", "lt", 100), ["Ana", "Blas"]), (is_("puntos", "gte", "5"), ["Ana"]),
        (is_("puntos", "between", [-5, 0]), ["Blas"]), (is_("puntos", "in", [5, 6]), ["Ana"]),
        ({"not": is_("puntos", "is", 5)}, ["Blas", "Eva"]),
        (is_("apodo", "is", "peña"), ["Ana"]), (is_("apodo", "contains", "pen"), ["Ana", "Blas"]),
        (is_("apodo", "starts", "PENA"), ["Ana", "Blas"]), (is_("apodo", "in", ["Peña"]), ["Ana"]),
        ({"not": is_("apodo", "contains", "larga")}, ["Ana", "Eva"]),
        (is_("gustos", "is", "queso"), ["Blas"]), (is_("gustos", "in", ["queso", "vino"]),
                                                   ["Ana", "Blas"]),
        (is_("gustos", "empty"), ["Eva"]), ({"not": is_("gustos", "is", "vino")}, ["Eva"]),
        (is_("visita", "lte", "2026-12-31"), ["Ana"]), (is_("visita", "gt", "2026-11-20"), []),
        (is_("vip", "is", True), ["Ana"]), (is_("vip", "is", False), ["Blas"]),
        ({"all": [is_("vip", "is", True), is_("puntos", "gt", 1)]}, ["Ana"]),
    ]  # fmt: skip
    for criterion, names in expected:
        assert found(criterion) == names, criterion


def test_search_finds_what_an_own_field_says_unless_the_role_does_not_see_it():
    field("text", "Apodo", is_searchable=True)
    seller = make_user()
    ana = person("Ana", owner=seller, apodo="Ñandú")
    person("Blas", owner=seller)
    contacts = resource(CONTACTS)

    def names(user):
        return [p.given_name for p in contacts.find(contacts.visible(user), "nandu", user)]

    assert names(seller) == ["Ana"]
    change_party(ana, read({"custom": {"apodo": "Grulla"}}, "person", partial=True), by=None)
    assert names(seller) == []
    change_party(ana, read({"custom": {"apodo": "Ñandú"}}, "person", partial=True), by=None)
    seller.role.hidden = {CONTACTS: ["custom.apodo"]}
    assert names(seller) == []


def test_a_field_that_becomes_searched_is_found_in_the_records_there_were():
    made = field("text", "Apodo")
    person("Ana", apodo="Grulla")
    contacts = resource(CONTACTS)
    assert not contacts.find(contacts.visible(boss()), "grulla", boss())

    tended(change_field(made, {"is_searchable": True}, by=None))

    assert contacts.find(contacts.visible(boss()), "grulla", boss()).count() == 1


def test_a_computed_field_is_listed_filtered_sorted_and_told_like_any_other():
    field("number", "Cajas")
    field("money", "Precio", currency="EUR")
    field("computed", "Total", formula="round(cajas * precio, 2)")
    field("computed", "Nivel", formula='if(cajas > 5, "alto", "bajo")')
    ana = person("Ana", cajas=10, precio="2.5")
    blas = person("Blas", cajas=2, precio="4")
    person("Eva")

    assert found(is_("total", "gt", 10)) == ["Ana"]
    assert found(is_("nivel", "is", "ALTO")) == ["Ana"]
    assert found(None, "-custom.total") == ["Ana", "Blas", "Eva"]
    shown = parties_shown(boss(), [ana.pk, blas.pk])
    assert [one["custom"]["total"] for one in shown] == [25, 8]
    assert shown[0]["custom"]["nivel"] == "alto"
    with pytest.raises(Invalid):
        person("Ida", total=5)


def test_what_a_role_does_not_see_it_neither_filters_sorts_nor_is_told_even_when_computed():
    field("number", "Margen")
    field("computed", "Doble", formula="margen * 2")
    seller = make_user()
    ana = person("Ana", owner=seller, margen=7, otro="x")
    seller.role.hidden = {CONTACTS: ["custom.margen"]}
    kind = resource(CONTACTS)

    for name in ("margen", "doble"):
        with pytest.raises(criteria.BadCriteria) as refused:
            criteria.compile_for(kind, is_(name, "gt", 1), seller)
        assert refused.value.why == "Aquí no existe ese campo."
        with pytest.raises(paging.BadSort):
            paging.sort_of(kind, f"custom.{name}", seller)
    assert parties_shown(seller, [ana.pk])[0]["custom"] == {"otro": "x"}


def test_a_change_names_only_what_it_changes_and_null_takes_away():
    field("number", "Puntos")
    field("text", "Apodo")
    ana = person("Ana", puntos=1, apodo="A", suelto=True)

    change_party(ana, read({"custom": {"puntos": None, "suelto": None}}, "person", partial=True),
                 by=None)  # fmt: skip

    ana.refresh_from_db()
    assert ana.custom == {"apodo": "A"}


def test_a_new_record_gets_defaults_and_must_have_what_is_required():
    field("choice", "Nivel", choices=["Oro", "Plata"], default="oro")
    field("text", "Apodo", is_required=True)
    with pytest.raises(Invalid) as refused:
        person("Ana")
    assert list(refused.value.fields) == ["custom.apodo"]

    ana = person("Ana", apodo="A")

    assert ana.custom == {"nivel": "oro", "apodo": "A"}
    with pytest.raises(Invalid):
        read({"custom": {"apodo": ""}}, "person", partial=True)


def test_another_kind_converts_what_fits_and_keeps_what_does_not():
    made = field("text", "Puntos")
    for name, value in (("Ana", "12"), ("Blas", "muchos"), ("Eva", "3.50")):
        person(name, puntos=value)
    person("Ida")

    preview = own_fields.preview_conversion(made, "number", {})
    tended(own_fields.convert_field(made, "number", {}, by=None))

    assert (preview.fits, preview.fails) == (2, 1)
    assert {p.given_name: p.custom for p in Party.objects.all()} == {
        "Ana": {"puntos": 12}, "Blas": {"puntos_before": "muchos"}, "Eva": {"puntos": 3.5},
        "Ida": {},
    }  # fmt: skip
    assert found(is_("puntos", "gt", 3), "custom.puntos") == ["Eva", "Ana"]


def test_a_field_adopts_the_values_that_were_there_before_it():
    ana = person("Ana", nivel="Oro", edad="treinta")

    field("choice", "Nivel", choices=["Oro"])
    field("number", "Edad")

    ana.refresh_from_db()
    assert ana.custom == {"nivel": "oro", "edad_before": "treinta"}


def test_a_retired_field_is_nowhere_and_comes_back_with_its_values():
    made = field("number", "Puntos")
    ana = person("Ana", puntos=5)

    own_fields.retire_field(made, by=None)

    assert "custom.puntos" not in resource(CONTACTS).fields_for(boss())
    assert parties_shown(boss(), [ana.pk])[0]["custom"] == {}
    with pytest.raises(Invalid):
        person("Blas", puntos=1)
    own_fields.revive_field(made, by=None)
    assert found(is_("puntos", "is", 5)) == ["Ana"]


def test_values_are_removed_only_by_who_names_how_many_they_are():
    made = field("number", "Puntos")
    ana = person("Ana", puntos=5, otro=1)
    with pytest.raises(RuleBroken):
        own_fields.remove_field(made, confirmed=1, by=None)
    own_fields.retire_field(made, by=None)
    with pytest.raises(RuleBroken):
        own_fields.remove_field(made, confirmed=0, by=None)

    assert own_fields.remove_field(made, confirmed=1, by=None) == 1
    made.refresh_from_db()
    tending._remove(made)

    ana.refresh_from_db()
    assert ana.custom == {"otro": 1}


@pytest.mark.parametrize(
    ("kind", "said", "wrong"),
    [
        ("text", {"label_es": ""}, "label_es"), ("choice", {"label_es": "A"}, "choices"),
        ("link", {"label_es": "A"}, "target"), ("computed", {"label_es": "A"}, "formula"),
        ("computed", {"label_es": "A", "formula": "1 +"}, "formula"),
        ("computed", {"label_es": "A", "formula": "nobody"}, "formula"),
        ("number", {"label_es": "A", "default": "x"}, "default"),
        ("text", {"label_es": "Name"}, "key"), ("text", {"label_es": "123"}, "key"),
        ("money", {"label_es": "A", "currency": "E"}, "currency"),
        ("choice", {"label_es": "A", "choices": ["a", "a"]}, "choices"),
        ("computed", {"label_es": "A", "formula": "today()", "is_fast": True}, "is_fast"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_refused_with_a_reason(kind, said, wrong):
    with pytest.raises(Invalid) as refused:
        add_field(CONTACTS, kind, said, by=None)
    assert list(refused.value.fields) == [wrong]


def test_a_field_that_a_formula_reads_is_neither_retired_nor_converted():
    made = field("number", "Cajas")
    field("computed", "Doble", formula="cajas * 2")
    for act in (own_fields.retire_field, lambda one, by: own_fields.convert_field(
            one, "text", {}, by=by)):  # fmt: skip
        with pytest.raises(RuleBroken):
            act(made, by=None)


def test_a_link_is_told_only_to_who_sees_where_it_leads():
    field("link", "Padrino", target="contact")
    seller = make_user()
    other = make_contact(given_name="Oculta", owner=make_user())
    ana = person("Ana", owner=seller, padrino=other.public_id)

    assert parties_shown(boss(), [ana.pk])[0]["custom"] == {"padrino": other.public_id}
    assert parties_shown(seller, [ana.pk])[0]["custom"] == {}
    assert found(is_("padrino", "is", other.public_id)) == ["Ana"]


def test_values_of_any_shape_break_no_list():
    ana = add_party(read({"given_name": "Ana"}, "person"), by=boss())
    for kind in ("number", "money", "date", "moment", "yes_no", "choices", "text"):
        more = {"choices": ["a"]} if kind == "choices" else {}
        add_field(CONTACTS, kind, {"label_es": f"x {kind}", **more}, by=None)
    field("computed", "Mezcla", formula="x_number + x_money + year(x_date)")
    for junk in ('{"a": [1]}', '"2026-13-45"', '"abc"', "12.5", "[null]", "true"):
        values = ", ".join(f"'x_{k}', '{junk}'::jsonb" for k in (
            "number", "money", "date", "moment", "yes_no", "choices", "text"))  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE parties_party SET custom = jsonb_build_object({values})"
                           f" WHERE id = {ana.pk}")  # fmt: skip
        for name in ("number", "money", "date", "moment", "yes_no", "text"):
            assert found(None, f"custom.x_{name}") == ["Ana"]
        assert found(None, "custom.mezcla") == ["Ana"]
        parties_shown(boss(), [ana.pk])


def test_fields_of_companies_are_not_those_of_contacts():
    add_field("companies", "number", {"label_es": "Camiones"}, by=None)
    firm = make_company(owner=boss(), custom={"camiones": 3})
    loose = person("Ana", camiones="muchos")

    assert firm.custom == {"camiones": 3}
    assert loose.custom == {"camiones": "muchos"}
    assert OwnField.objects.get().label == "Camiones"
