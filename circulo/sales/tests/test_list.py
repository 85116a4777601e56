"""The list of deals: what it adds up, and how it stands on paper."""

import json

import pytest
from django.test import Client
from django.utils import translation

from circulo.accounts.models import Role
from circulo.desk.listing import listing
from circulo.desk.printing import texts_of
from circulo.desk.wanted import Wanted
from circulo.records.actions.own_fields import add_field
from circulo.sales import actions
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_deal, make_pipeline, make_user

pytestmark = pytest.mark.django_db


def groups(user, **asked):
    client = Client()
    client.force_login(user)
    page = client.get("/deals", {"shape": "groups", **asked}).content.decode()
    return " ".join(page.replace("\xa0", " ").split())


def cells(*texts):
    return "".join(f'<td class="end num">{text}</td>' for text in texts)


def test_money_is_added_up_by_currency_and_chances_and_days_are_not():
    admin = make_user("admin", language="es")
    for amount, currency in (("1000.50", "EUR"), ("500", "EUR"), ("20", "USD"), (None, "EUR")):
        make_deal(owner=admin, amount=amount, currency=currency, source="Feria")
    make_deal(owner=admin, amount="7", currency="USD", source="Web")

    shown = "title,amount,probability,weighted,days_in_stage"
    page = groups(admin, by="source", columns=shown)

    assert cells("4", "1.500,50 € + 20,00 US$", "750,25 € · 20,00 US$") in page
    assert cells("1", "7,00 US$", "7,00 US$") in page
    assert "Probabilidad, media" not in page and "Importe, media" in page


def test_amounts_that_a_role_does_not_see_are_not_added_up():
    seller = make_user()
    make_deal(owner=seller, amount="12.34")
    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount"]})
    page = groups(seller, by="source", columns="title,amount,weighted")
    assert "12,34" not in page and "12.34" not in page


def test_deals_are_counted_by_whether_they_stand_still_in_words():
    admin = make_user("admin", language="es")
    make_deal(owner=admin)
    assert ">no</a>" in groups(admin, by="is_stale")


def test_a_list_of_deals_stands_on_paper_as_on_the_screen():
    add_field("deals", "text", {"label_es": "Clave"}, by=None)
    admin = make_user("admin", language="es")
    stage = make_pipeline().stages.in_order()[0]
    firm = make_company(owner=admin, name="Ñandú & hijos")
    deal = make_deal(owner=admin, party=firm, title="Vino <tinto>", amount="1200.5", stage=stage,
                     tags=["a", "b"], custom={"clave": "Zafiro"})  # fmt: skip
    actions.win_deal(deal, by=admin)
    names = "title,party,stage,amount,has_next_step,outcome,tags,custom.clave,probability"

    with translation.override("es"):
        found = listing(admin, "deals", Wanted(columns=tuple(names.split(",")), shape="table"))
        columns = [column for column in found.columns if column.shown]
        (row,) = texts_of(admin, found, columns)

    assert [text.replace("\xa0", " ") for text in row] == [
        "Vino <tinto>", "Ñandú & hijos", stage.name, "1.200,50 €", "no", "Ganada", "a, b", "Zafiro",
        "100 %",
    ]  # fmt: skip


def test_a_filter_costs_the_same_for_one_stage_as_for_many():
    admin, pipeline = make_user("admin"), make_pipeline()
    make_deal(owner=admin, pipeline=pipeline)
    client = Client()
    client.force_login(admin)
    stages = [stage.public_id for stage in pipeline.stages.in_order()]

    def asked(*groups):
        told = [{"field": "stage", "op": "in", "value": list(group)} for group in groups]
        criterion = {"any": told}
        return client.get("/deals", {"shape": "table", "filter": json.dumps(criterion)})

    asked(stages[:1])
    one = query_cost(asked, stages[:1])
    assert query_cost(asked, stages, stages[1:], stages[2:]) == one
