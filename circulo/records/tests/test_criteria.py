import json

import pytest

from circulo.lib import ids
from circulo.records.criteria import BadCriteria, compile_for, narrow, parse
from circulo.records.resources import resource
from circulo.testing.make import make_company, make_contact, make_interaction, make_user

pytestmark = pytest.mark.django_db


def names(user, criterion, kind="contacts"):
    found = resource(kind)
    rows = narrow(found.visible(user), found, criterion, user)
    return sorted(rows.values_list("given_name", flat=True))


def is_(field, value, op="is", **more):
    return {"field": field, "op": op, "value": value, **more}


def test_conditions_join_with_all_any_and_not():
    user = make_user()
    duero = make_company(owner=user)
    make_contact(owner=user, given_name="Ana", lifecycle="customer", company=duero)
    make_contact(owner=user, given_name="Blas", lifecycle="lead", emails=["b@x.example"])
    make_contact(owner=user, given_name="Íñigo", tags=["vip"], phones=["612345678"])

    assert names(user, is_("lifecycle", "customer")) == ["Ana"]
    assert names(user, {"any": [is_("lifecycle", "lead"), is_("tags", "vip")]}) == ["Blas", "Íñigo"]
    assert names(user, {"not": {"field": "emails", "op": "empty"}}) == ["Blas"]
    assert names(user, {"all": []}) == ["Ana", "Blas", "Íñigo"]
    assert names(user, {"any": []}) == []
    assert names(user, is_("given_name", "inigo", "contains")) == ["Íñigo"]
    assert names(user, is_("company", ids.encode("party", duero.pk))) == ["Ana"]
    assert names(user, is_("phones", "+3461", "starts")) == ["Íñigo"]
    assert names(user, is_("created_at", 1, "within_days")) == ["Ana", "Blas", "Íñigo"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("612 34", True), ("(34) 612", True), ("+34612", True), ("5678", True), ("345 - 678", True),
     ("613", False), ("+612", False), ("zur", False)],
)  # fmt: skip
def test_a_part_of_a_phone_is_found_however_it_is_written(text, found):
    user = make_user()
    make_contact(owner=user, given_name="Ana", phones=["612345678"])
    make_contact(owner=user, given_name="Zur")

    assert names(user, is_("phones", text, "contains")) == (["Ana"] if found else [])


def test_what_others_keep_for_themselves_does_not_say_that_something_happened():
    user, mate = make_user(role="manager"), make_user(role="manager")
    ana, blas = (make_contact(owner=user, given_name=name) for name in ("Ana", "Blas"))
    make_interaction(party=ana, by=mate, is_private=True, subject="Boda")
    make_interaction(party=blas, by=user, is_private=True, subject="Boda")

    assert names(user, is_("interactions.subject", "boda", "contains")) == ["Blas"]
    assert names(user, {"field": "interactions.subject", "op": "empty"}) == ["Ana"]


@pytest.mark.parametrize(
    ("criterion", "place"),
    [
        ([], "$"),
        ({"all": {}}, "all"),
        ({"all": [], "any": []}, "$"),
        (is_("password", "x"), "field"),
        ({"all": [is_("name", "x", "regex")]}, "all[0].op"),
        ({"not": is_("lifecycle", "king")}, "not.value"),
        (is_("created_at", "yesterday", "gt"), "value"),
        (is_("created_at", [], "during"), "value"),
        (is_("name", "a\0b"), "value"),
        (is_("name", "x", within_days=3), "within_days"),
        ({"any": [is_("name", "x")] * 201}, "any[200]"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(criterion, place):
    with pytest.raises(BadCriteria) as refused:
        compile_for(resource("contacts"), criterion, make_user())
    assert refused.value.place == place


@pytest.mark.parametrize("said", ["[]", "0", '""', "false", "null", '"x"'])
def test_only_an_object_is_a_criterion_and_an_empty_one_is_none(said):
    user = make_user()
    make_contact(owner=user, given_name="Ana")

    assert names(user, parse("{}")) == names(user, None) == ["Ana"]
    with pytest.raises(BadCriteria) as refused:
        parse(said)
    assert refused.value.place == "$"
    if (value := json.loads(said)) is not None:
        with pytest.raises(BadCriteria):
            names(user, value)


def test_nesting_has_an_end():
    criterion = is_("name", "x")
    for _ in range(9):
        criterion = {"not": criterion}
    with pytest.raises(BadCriteria):
        compile_for(resource("contacts"), criterion, make_user())


def test_a_hidden_field_is_as_unknown_as_one_that_is_not_there():
    user = make_user()
    user.role.hidden = {"contacts": ["tax_id"]}
    for name in ("tax_id", "no_such_field"):
        with pytest.raises(BadCriteria) as refused:
            compile_for(resource("contacts"), is_(name, "x"), user)
        assert refused.value.why == "Aquí no existe ese campo."


@pytest.mark.parametrize(
    ("criterion", "told"),
    [
        (is_("lifecycle", "king"), "lead, prospect, customer"),
        (is_("birthday", "1/2/2020"), "1980-02-14"),
        (is_("created_at", "yesterday", "gt"), "2026-02-14T09:30:00+01:00"),
        (is_("owner", "me"), "identificador"),
        (is_("name", 5), "1000"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_would(criterion, told):
    with pytest.raises(BadCriteria) as refused:
        compile_for(resource("contacts"), criterion, make_user())
    assert refused.value.place == "value"
    assert told in refused.value.why


@pytest.mark.parametrize("name", ["👩‍👩‍👧‍👦", "علی\u200cرضا"])
def test_a_name_whose_letters_are_joined_unseen_is_found_by_it(name):
    user = make_user()
    make_contact(owner=user, given_name=name)

    assert names(user, is_("given_name", name)) == [name]
    assert names(user, is_("given_name", f" {name}", "contains")) == [name]


@pytest.mark.parametrize(
    "said",
    [
        '{"all": [{"field": "name", "op": "is", "value": "x"}], "all": []}',
        '{"not": {"field": "name", "op": "is", "value": "x", "value": "y"}}',
    ],
)
def test_a_key_that_stands_twice_is_refused_by_name(said):
    with pytest.raises(BadCriteria) as refused:
        parse(said)
    assert refused.value.place in ("all", "value")
