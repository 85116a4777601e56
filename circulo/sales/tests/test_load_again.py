"""Bringing in rows of deals that are there already: what they may change, and by which rules."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest

from circulo.catalog.actions import set_exchange_rates
from circulo.records.actions import loads, running
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.actions.repricing import price_anew
from circulo.sales.expressions import days_in_stage
from circulo.sales.models import Deal, DealLine
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_price_rule,
    make_product,
    make_reason,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def load(text, by, **options):
    begun = loads.start_load(io.BytesIO(text.encode()), "deals.csv", "deals", by=by)
    begun = loads.map_columns(begun, options=options)
    return running.run_load(begun)


def test_a_row_that_says_no_end_opens_no_deal_again():
    admin, price = make_user("admin"), make_reason("lost", "La fecha")
    lost, won = make_deal(reference="B-1"), make_deal(reference="B-2")
    actions.lose_deal(lost, by=admin, reason=price, note="Caro")
    actions.win_deal(won, by=admin)

    done = load("referencia,etapa,resultado\nB-1,Agreement,\nB-2,Agreement,\nA-1,Firma,\n", admin)

    assert (done.created, done.updated, done.refused) == (1, 2, 0)
    for deal in (lost, won):
        deal.refresh_from_db()
        assert deal.closed_at and deal.stage.name == "Agreement"
    assert (lost.outcome, lost.reason, lost.reason_note) == ("lost", price, "Caro")
    assert (won.outcome, Deal.objects.get(reference="A-1").outcome) == ("won", "open")
    assert not verify()


@pytest.mark.parametrize(
    ("stage", "since", "days"),
    [("Agreement", "2020-01-01", 0), ("", "2020-02-29", 1), ("", "2022-01-01", 0)],
)
def test_a_deal_was_in_its_stage_until_its_end_at_most(stage, since, days):
    begun = f"{since}T12:00+01:00"
    make_deal(reference="B-1", columns={"opened_at": begun, "stage_since": begun})

    done = load(
        f"referencia,etapa,resultado,fecha de cierre\nB-1,{stage},Ganada,2020-03-01\n",
        make_user("admin"),
    )

    deal = Deal.objects.get()
    found = Deal.objects.values_list(days_in_stage(), flat=True).get()
    assert (done.updated, str(deal.closed_at)[:10], found) == (1, "2020-03-01", days)
    ended = datetime.fromisoformat("2020-03-01T12:00+01:00")
    assert deal.stays.latest("pk").entered_at == max(ended, datetime.fromisoformat(begun))
    assert not verify()


@pytest.mark.parametrize(
    ("currency", "cell", "said", "is_taken"),
    [("JPY", "10,50", "", False), ("KWD", "0,125", "", True), ("EUR", "0,125", "", False),
     ("EUR", "0,125", "KWD", True), ("EUR", "", "JPY", False), ("JPY", "10,50", "EUR", True)],
)  # fmt: skip
def test_an_amount_that_is_brought_in_has_the_decimals_of_its_deal(currency, cell, said, is_taken):
    amount = "7" if currency == "JPY" else "7.5"
    deal = make_deal(reference="B-1", amount={"amount": amount, "currency": currency})

    done = load(f"referencia;importe;moneda\nB-1;{cell};{said}\n", make_user("admin"))

    assert (done.updated, done.refused) == ((1, 0) if is_taken else (0, 1))
    deal.refresh_from_db()
    assert deal.currency == (said or currency if is_taken else currency)
    assert (deal.amount == Decimal(amount)) is not is_taken


def test_lines_are_priced_anew_where_a_load_gives_their_deal_another_currency():
    make_product(price="9.95", name="Tinto")
    by_hand = {"product": "Tinto", "price": 8}
    deals = [
        make_deal(reference="B-1", lines=[{"product": "Tinto"}], amount_from_lines=True),
        make_deal(reference="B-2", lines=[by_hand], amount_from_lines=True),
        make_deal(reference="B-3", lines=[by_hand], amount=8),
    ]

    done = load("referencia,moneda\nB-1,JPY\nB-2,JPY\nB-3,JPY\n", make_user("admin"))

    assert (done.updated, done.refused) == (1, 2)
    for deal in deals:
        deal.refresh_from_db()
    assert [deal.currency for deal in deals] == ["JPY", "EUR", "EUR"]
    assert [line.is_priced for line in DealLine.objects.order_by("deal")] == [False, True, True]
    assert not verify()


def test_lines_are_priced_anew_where_a_load_gives_their_deal_to_another_party():
    admin, friend = make_user("admin"), make_company()
    make_product(price=10, name="Tinto")
    make_price_rule(value=10, party=friend.public_id)
    deal = make_deal(reference="B-1", lines=[{"product": "Tinto"}], amount_from_lines=True)

    load(f"referencia,id del contacto\nB-1,{friend.public_id}\n", admin)

    deal.refresh_from_db()
    assert (deal.party, deal.amount) == (friend, Decimal(9))
    assert not verify()


def test_a_load_brings_no_deal_into_a_stage_that_it_is_not_ready_for():
    admin = make_user("admin")
    pipeline = make_pipeline({"name": "One"}, {"name": "Two", "required": ["amount"]})
    deals = [make_deal(reference=f"B-{n}", pipeline=pipeline) for n in range(4)]
    actions.win_deal(deals[3], by=admin)
    head = f"referencia,etapa,importe,embudo\nA-1,Two,,{pipeline.name}\n"

    done = load(f"{head}B-0,Two,5,\nB-1,Two,,\nB-2,One,,\nB-3,Two,,\n", admin)

    assert (done.created, done.updated, done.skipped, done.refused) == (1, 2, 1, 1)
    assert "is not ready for" in done.refusals.get().reason
    for deal in deals:
        deal.refresh_from_db()
    assert [deal.stage.name for deal in deals] == ["Two", "One", "One", "Two"]
    assert not verify()


def test_a_stage_is_asked_whether_a_deal_is_ready_while_it_stands_where_it_did():
    entry = {"field": "days_in_stage", "op": "gt", "value": 3}
    pipeline = make_pipeline({"name": "One"}, {"name": "Two", "entry": entry})
    make_deal(reference="B-1", pipeline=pipeline, columns={"stage_since": "2020-01-01T12:00Z"})
    make_deal(reference="B-2", pipeline=pipeline)

    done = load("referencia,etapa,título\nB-1,Two,Uno\nB-2,Two,Dos\n", make_user("admin"))

    assert (done.updated, done.refused) == (1, 1)
    assert Deal.objects.get(stage__name="Two").title == "Uno"
    assert not verify()


def test_a_load_that_gives_many_deals_another_party_prices_their_lines_at_the_cost_of_one():
    admin, friend = make_user("admin"), make_company()
    make_product(price=10, name="Tinto")
    make_price_rule(value=10, party=friend.public_id)

    def cost_of(many):
        deals = [make_deal(lines=[{"product": "Tinto", "quantity": n + 1}], amount_from_lines=True)
                 for n in range(many)]  # fmt: skip
        was = {deal.pk: deal.currency for deal in deals}
        Deal.objects.filter(pk__in=was).update(party=friend)
        cost = query_cost(price_anew, was)
        assert [deal.amount for deal in Deal.objects.filter(pk__in=was).order_by("pk")] == [
            9 * (n + 1) for n in range(many)
        ]
        return cost

    assert cost_of(1) == cost_of(7)
    assert not verify()
    refs = [make_deal(reference=f"C-{n}", lines=[{"product": "Tinto"}]) for n in range(3)]
    rows = "".join(f"{deal.reference},{friend.public_id}\n" for deal in refs)
    assert load(f"referencia,id del contacto\n{rows}", admin).updated == 3
    assert {deal.lines.get().net for deal in refs} == {9}


def test_many_deals_of_people_and_companies_in_several_currencies_are_priced_as_one_by_one():
    product = make_product(price=10)
    set_exchange_rates([("USD", "EUR", date(2020, 1, 1), Decimal("0.5"))], by=None)
    friend = make_contact()
    make_price_rule(value=50, party=friend.public_id)
    deals = [
        make_deal(lines=[{"product": product.public_id}], party=party, currency=currency)
        for party in (friend, make_company()) for currency in ("EUR", "USD")
    ]  # fmt: skip
    by_one = list(DealLine.objects.order_by("pk").values())
    DealLine.objects.update(net=1, unit_price=2, steps=[])

    price_anew({deal.pk: deal.currency for deal in deals})

    assert list(DealLine.objects.order_by("pk").values()) == by_one
    assert [line["net"] for line in by_one] == [5, 10, 10, 20]
