"""Each operator reads its value as the field holds it, alone and among several."""

import pytest

from circulo.records.criteria import narrow
from circulo.records.resources import resource
from circulo.records.tests.test_criteria import is_
from circulo.sales.models import Deal
from circulo.testing.make import make_company, make_deal, make_pipeline, make_user

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
