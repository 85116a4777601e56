"""What a basket costs whom and when, and why: lists, rules, coupons, taxes and currencies."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from circulo.accounts.models import Firm
from circulo.catalog import actions
from circulo.catalog.models import ExchangeRate, PriceRule, TaxRate
from circulo.catalog.pricing import Line
from circulo.catalog.selectors.pricing import Asked, price_basket
from circulo.catalog.words import step_in_words
from circulo.forecasts.selectors.rates import rate_on, rates_into
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties.actions import merge_parties
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_price_list,
    make_product,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = date(2026, 6, 1)
CUSTOMERS = {"field": "lifecycle", "op": "is", "value": "customer"}


def costs(*pairs, **asked):
    lines = [Line(product.pk, Decimal(quantity)) for product, quantity in pairs]
    return price_basket(Asked(lines, **{"day": DAY, **asked}))


def rule(**said):
    said = {"name": "A rule", "kind": "percent", "value": 10} | said
    return actions.add_price_rule(said, by=None)


def price(product, amount, on, from_quantity=0):
    actions.set_prices(on, [(product.pk, Decimal(from_quantity), Decimal(amount))], by=None)


def refusals(act, *arguments, **named):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        act(*arguments, **named)
    return set(refused.value.fields)


def test_a_list_is_for_those_who_fulfil_its_conditions_on_its_days():
    wine = make_product(price=10)
    loyal = make_price_list(for_contacts=CUSTOMERS, starts_on="2026-05-01", ends_on="2026-06-30")
    price(wine, 8, loyal)
    ana, luis = make_contact(lifecycle="customer"), make_contact()

    assert costs((wine, 1), party=ana).net == 8
    assert costs((wine, 1), party=luis).net == costs((wine, 1)).net == 10
    assert costs((wine, 1), party=make_company(lifecycle="customer")).net == 10
    assert costs((wine, 1), party=ana, day=date(2026, 7, 1)).net == 10


def test_a_rule_is_for_one_customer_and_follows_them_into_a_merge():
    wine, ana, double = make_product(price=10), make_contact(), make_contact()
    rule(party=double.public_id)

    assert costs((wine, 1), party=double).net == 9
    assert costs((wine, 1), party=ana).net == 10
    merge_parties(ana, [double], by=make_user("admin"))
    assert costs((wine, 1), party=ana).net == 9


def test_a_coupon_opens_its_rule_whatever_its_capitals():
    wine = make_product(price=10)
    one = rule(coupon="Verano26", value=50)

    assert costs((wine, 1)).net == 10
    assert costs((wine, 1), coupons=["VERANO26"]).net == 5
    one.coupon.ends_on = DAY - timedelta(days=1)
    one.coupon.save()
    assert costs((wine, 1), coupons=["VERANO26"]).net == 10


def test_rules_of_a_family_and_of_a_product_hold_for_its_variants():
    make_product(code="S", price=10, family="Ropa")
    red = make_product(variant_of="S", attributes={"Colour": "Red"}, family="Ropa")
    rule(product="s", value=20, rank=1)

    assert costs((red, 1)).net == 8


def test_the_customer_is_taxed_where_they_live():
    def living_in(postal_code, country="ES"):
        place = {"city": "Lugar", "postal_code": postal_code, "country": country}
        return make_contact(addresses=[place])

    said = {"region": "ES-CE", "tax": "IPSI", "tax_class": "general", "rate": "5",
            "starts_on": "2020-01-01"}  # fmt: skip
    actions.add_tax_rate(said, by=None)
    wine = make_product(price=100)
    for party, tax, name in (
        (living_in("28013"), 21, "IVA"),
        (living_in("35001"), 7, "IGIC"),
        (living_in("51001"), 5, "IPSI"),
        (living_in("06000", "MX"), 16, "IVA"),
    ):
        (total,) = costs((wine, 1), party=party).taxes
        assert (total.amount, total.name) == (tax, name)
    assert costs((wine, 1), party=living_in("52001")).tax == 0
    assert costs((wine, 1), party=living_in("75001", "FR")).tax == 0
    assert costs((wine, 1), party=living_in("75001", "FR"), region="ES").tax == 21
    assert costs((wine, 1), withholding="professional").due == 106
    assert costs((wine, 1), party=living_in("35001"), withholding="professional").due == 92
    assert costs((wine, 1), party=living_in("35001", "")).tax == 7


def test_the_latest_rate_counts_whichever_way_round_it_was_said():
    dollars = make_price_list(currency="USD", rank=0)
    wine = make_product()
    price(wine, 10, dollars)
    for day, currency, target, rate in (
        ("2026-01-01", "USD", "EUR", "0.80"), ("2026-05-01", "EUR", "USD", "1"),
    ):  # fmt: skip
        ExchangeRate.objects.create(day=day, currency=currency, target=target, rate=rate)
    assert costs((wine, 1), day=date(2026, 4, 30)).net == 8
    assert costs((wine, 1)).net == 10
    assert rate_on(rates_into("EUR"), "USD", DAY) == 1
    ExchangeRate.objects.create(day="2026-01-01", currency="EUR", target="IDR", rate="17000")
    worth = rate_on(rates_into("EUR"), "IDR", DAY)
    assert worth is not None and round(10**9 * worth, 2) == Decimal("58823.53")


@pytest.mark.parametrize("value", [-5, "0.00001", 101, 0])
def test_a_rule_of_no_percentage_is_refused_at_its_value(value):
    assert refusals(rule, value=value) == {"value"}


def test_a_new_tax_rate_ends_the_one_before_it_and_two_never_hold_at_once():
    said = {"region": "ES", "tax": "IVA", "tax_class": "general", "rate": "22",
            "starts_on": "2027-01-01"}  # fmt: skip
    actions.add_tax_rate(said, by=None)

    wine = make_product(price=100)
    assert costs((wine, 1), day=date(2026, 12, 31)).tax == 21
    assert costs((wine, 1), day=date(2027, 1, 1)).tax == 22
    assert refusals(actions.add_tax_rate, said, by=None) == {"starts_on"}
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRate.objects.create(region="ES", tax="IVA", tax_class="general", rate=1, starts_on=DAY)


def test_prices_are_converted_by_the_latest_rate_in_either_direction():
    wine = make_product(price=10)
    day = DAY - timedelta(days=30)
    actions.set_exchange_rates([("EUR", "USD", day, Decimal("1.1"))], by=None)
    actions.set_exchange_rates([("EUR", "USD", DAY, Decimal("1.25"))], by=None)

    assert costs((wine, 1), currency="USD").net == Decimal("12.50")
    assert costs((wine, 1), currency="USD", day=day).net == 11
    dollars = make_price_list(currency="USD")
    other = make_product()
    price(other, 10, dollars)
    assert costs((other, 1)).net == 8
    assert not costs((other, 1), currency="MXN").lines[0].is_priced


def test_a_rule_says_what_it_needs():
    for said, refused in (
        ({"kind": "nth_free", "value": None}, {"nth"}),
        ({"kind": "percent", "value": 101}, {"value"}),
        ({"kind": "amount", "value": 2}, {"currency"}),
        ({"from_amount": 100}, {"currency"}),
        ({"product": "nothing"}, {"product"}),
        ({"starts_on": "2026-02-02", "ends_on": "2026-01-01"}, {"ends_on"}),
        ({"for_contacts": {"field": "nothing", "op": "is", "value": 1}}, {"for_contacts"}),
    ):
        named = {"name": "A rule", "kind": "percent", "value": 10} | said
        admin = make_user("admin")
        assert refusals(actions.add_price_rule, named, by=admin) == refused, said
    assert not PriceRule.objects.exists()


def test_a_quote_of_fifty_lines_under_twenty_rules_is_gathered_in_five_statements():
    Firm.objects.get_or_create(pk=1)
    products = [make_product(price=n + 1, family=f"F{n % 5}") for n in range(50)]
    party = make_contact(lifecycle="customer", addresses=[{"city": "Madrid", "country": "ES"}])
    price(products[0], 1, make_price_list(for_contacts=CUSTOMERS))
    for n in range(20):
        rule(family=f"F{n % 5}", for_contacts=CUSTOMERS if n % 2 else None, is_combinable=True)

    assert query_cost(costs, *((one, 3) for one in products), party=party) <= 5


def test_a_quote_is_priced_today_unless_a_day_is_said():
    wine = make_product(price=10)
    rule(starts_on=timezone.localdate() + timedelta(days=1))

    assert costs((wine, 1), day=None).net == 10


def test_a_rate_for_some_time_leaves_no_hole_behind_it():
    said = {"region": "ES", "tax": "IVA", "tax_class": "general", "rate": "10",
            "starts_on": "2027-01-01", "ends_on": "2027-06-30"}  # fmt: skip
    actions.add_tax_rate(said, by=None)

    wine = make_product(price=100)
    taxes = [costs((wine, 1), day=date(2027, month, 1)).tax for month in (1, 6, 7)]
    assert taxes == [10, 10, 21]
    assert costs((wine, 1), day=date(2026, 12, 31)).tax == 21
    assert TaxRate.objects.filter(region="ES", tax_class="general", ends_on=None).count() == 1


def test_amounts_of_a_rule_are_in_its_currency():
    dollars = {"amount": "2.5", "currency": "USD"}
    one = rule(kind="amount", value=dollars)
    assert (one.value, one.currency) == (Decimal("2.5"), "USD")
    for said in ({"kind": "amount", "value": dollars, "currency": "EUR"},
                 {"kind": "price", "value": 5, "from_amount": dollars, "currency": "EUR"},
                 {"kind": "percent", "value": dollars}):  # fmt: skip
        named = {"name": "A rule"} | said
        assert refusals(actions.add_price_rule, named, by=None) & {"value", "from_amount"}, said
    assert refusals(actions.change_price_rule, one, {"value": dollars | {"currency": "EUR"}},
                    by=None) == {"value"}  # fmt: skip


def test_percentages_and_rates_are_told_with_all_their_decimals():
    wine = make_product(price=100_000)
    rule(value="2.125")
    actions.set_exchange_rates([("EUR", "JPY", DAY, Decimal("0.0000125"))], by=None)

    said = [step_in_words(step, "EUR").replace("\xa0", " ")
            for step in costs((wine, 1)).lines[0].steps]  # fmt: skip
    assert said[1].startswith("A rule: 2,125 %")
    converted = costs((wine, 1), currency="JPY").lines[0].steps[1]
    assert "0,0000125" in step_in_words(converted, "JPY")


def test_a_coupon_is_counted_when_it_is_used_and_holds_so_often_at_most():
    wine = make_product(price=10)
    one = rule(coupon="Feria", value=50).coupon
    actions.change_coupon(one, {"most_uses": 2, "ends_on": "2026-12-31"}, by=None)

    actions.use_coupons(["FERIA", "unknown"], by=None)
    assert costs((wine, 1), coupons=["feria"]).net == 5
    actions.use_coupons(["feria"], by=None)
    assert costs((wine, 1), coupons=["feria"]).net == 10
    with pytest.raises(RuleBroken):
        actions.use_coupons(["feria"], by=None)
    one.refresh_from_db()
    assert one.uses == 2
    for wrong in ({"most_uses": 0}, {"starts_on": "2027-01-01"}, {"uses": 0}):
        assert refusals(actions.change_coupon, one, wrong, by=None)
