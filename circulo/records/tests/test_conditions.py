"""Each operator reads its value as the field holds it, alone and among several."""

import pytest

from circulo.records.actions.own_fields import add_field
from circulo.records.criteria import narrow
from circulo.records.resources import resource
from circulo.records.tests.test_criteria import is_, names
from circulo.sales.models import Deal
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("op", "value", "is_found"),
    [
        ("is", 10, True), ("is", "10.0", True), ("is", 10.5, False), ("in", [9.5, 10.5], False),
        ("in", [10.5, 10], True), ("gte", 10.5, False), ("gte", 9.5, True), ("gt", 9.5, True),
        ("lt", 10.5, True), ("lt", 9.5, False), ("lte", 9.5, False), ("lte", 10.5, True),
        ("between", [9.5, 10.5], True), ("between", [10.1, 10.9], False),
    ],
)  # fmt: skip
def test_a_fraction_is_compared_exactly_with_whole_numbers(op, value, is_found):
    user = make_user()
    make_company(owner=user, size=10)
    deal = make_deal(owner=user, stage=make_pipeline().stages.in_order()[0])
    Deal.objects.filter(pk=deal.pk).update(probability=10)

    firms, deals = resource("companies"), resource("deals")
    found = narrow(firms.visible(user), firms, is_("size", value, op), user)
    assert found.exists() is is_found
    found = narrow(deals.visible(user), deals, is_("probability", value, op), user)
    assert found.exists() is is_found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("emails", "A.B@duero.example"), ("source", "FERIA"), ("name", "irene aguirre sanz"),
        ("first_surname", "AGUIRRE"), ("phones", "612 345 678"), ("phones", "+34 612-345-678"),
        ("job_title", "jefa"), ("city", "ÁVILA"), ("apodo", "NENA"),
    ],
)  # fmt: skip
def test_one_of_several_texts_is_read_as_a_single_one(field, value):
    user = make_user("admin")
    own = add_field("contacts", "text", {"label_es": "Apodo"}, by=user)
    make_contact(
        owner=user, given_name="Irene", first_surname="Aguirre", second_surname="Sanz",
        emails=["a.b@duero.example"], source="Feria", phones=["612345678"], job_title="Jefa",
        addresses=[{"city": "Ávila"}], custom={own.key: "Nena"},
    )  # fmt: skip
    name = own.name if field == "apodo" else field

    assert names(user, is_(name, value)) == ["Irene"]
    assert names(user, is_(name, ["x", value], "in")) == ["Irene"]
    assert names(user, is_(name, ["x"], "in")) == names(user, is_(name, [], "in")) == []
