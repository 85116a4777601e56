"""How a price is made: each rule by an example, and all of them against a plain reference."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulo.catalog.pricing import (
    Basket,
    Item,
    Line,
    List,
    Offer,
    Part,
    Rule,
    Tax,
    Terms,
    Withheld,
    priced,
)
from circulo.catalog.tests.reference import Reference
from circulo.lib import money

D = Decimal
IVA = {
    "general": Tax("IVA", D(21)),
    "reduced": Tax("IVA", D(10)),
    "exempt": Tax("IVA", D(0)),
}
RETAIL = List(1, "Tarifa 2026", "EUR")


def item(key=1, price="10", **more):
    offers = tuple(Offer(1, D(q), D(a)) for q, a in {"0": price, **more.pop("from_", {})}.items())
    return Item(key, f"Product {key}", offers=offers, **more)


def terms(*items, **more):
    return Terms({one.key: one for one in items}, **{"lists": [RETAIL], "taxes": IVA} | more)


def price_of(*lines, known, currency="EUR"):
    basket = Basket(currency, [Line(key, D(quantity)) for key, quantity in lines])
    return priced(basket, known)


def kinds(line):
    return [step.kind for step in line.steps]


def test_a_line_costs_what_the_list_says_for_its_quantity_and_says_so():
    done = price_of((1, 12), known=terms(item(price="13", from_={"10": "12"})))

    (line,) = done.lines
    assert (line.unit_price, line.net, line.tax, line.gross) == (D(12), D(144), D("30.24"),
                                                                D("174.24"))  # fmt: skip
    assert line.steps[0].values == {
        "list": "Tarifa 2026", "from_quantity": D(10), "price": D(12), "currency": "EUR"
    }  # fmt: skip
    assert line.steps[-1].values["rate"] == 21


def test_the_first_list_that_knows_the_product_counts():
    friends = List(2, "Friends", "EUR")
    known = replace(item(), offers=(Offer(1, D(0), D(10)), Offer(2, D(5), D(7))))
    both = terms(known, lists=[friends, RETAIL])

    assert price_of((1, 5), known=both).lines[0].unit_price == 7
    assert price_of((1, 4), known=both).lines[0].unit_price == 10


def test_a_variant_costs_what_its_product_does_unless_it_has_a_price():
    known = terms(item(1, "10"), Item(2, "Red", parent=1), item(3, "11", parent=1))

    red, blue = price_of((2, 1), (3, 1), known=known).lines
    assert (red.unit_price, blue.unit_price) == (10, 11)
    assert red.steps[0].values["product"] == "Product 1"


def test_a_bundle_costs_what_its_parts_do_unless_it_has_a_price():
    parts = (Part(1, D(2)), Part(2, D(1)))
    known = terms(item(1, "10"), item(2, "5"), Item(3, "Pack", parts=parts),
                  item(4, "20", parts=parts), Item(5, "Part"),
                  Item(6, "No", parts=(*parts, Part(5, D(1)))))  # fmt: skip

    sum_of_parts, own, unknown = price_of((3, 1), (4, 1), (6, 1), known=known).lines
    assert (sum_of_parts.unit_price, own.unit_price) == (25, 20)
    assert (unknown.is_priced, kinds(unknown)) == (False, ["no_price"])


def test_a_list_in_another_currency_is_converted():
    dollars = List(1, "US", "USD", rate=D("0.9123"))
    done = price_of((1, 3), known=terms(item(price="9.99"), lists=[dollars]))

    assert (done.lines[0].unit_price, done.net) == (D("9.1139"), D("27.34"))
    assert kinds(done.lines[0]) == ["list", "converted", "tax"]


def test_the_third_unit_is_free():
    rule = Rule(1, "3x2", "nth_free", nth=3)
    done = price_of((1, 7), known=terms(item(), rules=[rule]))

    step = done.lines[0].steps[1]
    assert (step.values["free"], step.values["off"], done.net) == (2, D(20), D(50))


def test_rules_are_tried_in_their_order_and_one_that_stands_alone_ends_them():
    ten = Rule(1, "10 %", "percent", D(10), is_combinable=True)
    two = Rule(2, "2 off", "amount", D(2), is_combinable=True)
    alone = Rule(3, "Alone", "price", D(5))

    def net(*rules):
        return price_of((1, 10), known=terms(item(), rules=rules)).net

    assert net(ten, two) == 70
    assert net(two, ten) == 72
    assert net(alone, ten) == 50
    assert net(ten, alone, two) == 70


def test_a_rule_never_raises_a_price_and_leaves_room_for_the_next():
    dear, ten = Rule(1, "Dear", "price", D(50)), Rule(2, "10 %", "percent", D(10))

    assert price_of((1, 1), known=terms(item(), rules=[dear, ten])).net == 9


def test_a_rule_waits_for_its_quantity_over_all_its_lines_and_for_its_total():
    wines = Rule(1, "Six wines", "percent", D(50), family="vino", from_quantity=D(6))
    big = Rule(2, "Big", "percent", D(10), from_amount=D(100))
    known = terms(item(1, family="Vino"), item(2, family="vino"), item(3), rules=[wines, big])

    assert price_of((1, 3), (2, 2), (3, 1), known=known).net == 60
    assert price_of((1, 3), (2, 3), (3, 1), known=known).net == 40
    assert price_of((3, 10), known=known).net == 90


def test_a_discount_by_hand_comes_last_and_a_price_by_hand_first():
    rule = Rule(1, "10 %", "percent", D(10))
    line = Line(1, D(1), unit_price=D(200), discount=D(50))
    done = priced(Basket("EUR", [line]), terms(item(), rules=[rule]))

    assert kinds(done.lines[0]) == ["given", "rule", "discount", "tax"]
    assert done.net == 90


def test_with_tax_included_the_sum_to_pay_stays_as_it_is_listed():
    shop = List(1, "Shop", "EUR", includes_tax=True)
    known = terms(item(1, "9.99"), item(2, "0.01", tax_class="reduced"), lists=[shop])
    done = price_of((1, 3), (2, 1), known=known)

    assert done.gross == D("29.98")
    assert [(t.rate, t.base, t.amount) for t in done.taxes] == [
        (21, D("24.77"), D("5.20")), (10, D("0.01"), D(0))
    ]  # fmt: skip


def test_a_region_without_the_class_takes_its_general_rate_and_one_unknown_to_us_none():
    mexico = {"general": Tax("IVA", D(16))}
    known = terms(item(tax_class="reduced"), taxes=mexico)

    assert price_of((1, 1), known=known).tax == D("1.60")
    nothing = price_of((1, 1), known=replace(known, taxes={}))
    assert (nothing.tax, kinds(nothing.lines[0])) == (0, ["list", "no_tax"])


def test_what_is_withheld_is_taken_off_what_is_to_be_paid():
    done = price_of((1, 10), known=terms(item(), withheld=Withheld("IRPF", D(15))))

    assert (done.gross, done.withheld, done.due) == (D(121), D(15), D(106))


def test_the_margin_is_known_where_every_cost_is():
    known = terms(item(1, cost=D(6)), item(2))

    assert price_of((1, 2), known=known).margin == 8
    assert price_of((1, 2), (2, 1), known=known).margin is None


amounts = st.decimals(0, 5000, places=4, allow_nan=False)
quantities = st.decimals("0.001", 500, places=3) | st.integers(1, 60).map(D)
families = st.sampled_from(["", "a", "b"])
rules = st.builds(
    Rule,
    key=st.just(0),
    name=st.just("Rule"),
    kind=st.sampled_from(["percent", "amount", "price"]),
    value=st.decimals("0.01", 100, places=2),
    product=st.none() | st.integers(1, 4),
    family=st.just(""),
    from_quantity=st.none() | st.decimals(0, 50, places=3),
    from_amount=st.none() | st.decimals(0, 5000, places=2),
    is_combinable=st.booleans(),
) | st.builds(
    Rule,
    key=st.just(0),
    name=st.just("n for m"),
    kind=st.just("nth_free"),
    nth=st.integers(2, 9),
    family=families,
    is_combinable=st.booleans(),
)
lists = st.lists(
    st.tuples(
        st.sampled_from(["EUR", "JPY", "KWD"]), st.booleans(), st.decimals("0.01", 200, places=4)
    ),
    min_size=1,
    max_size=4,
).map(lambda found: [List(n, f"List {n}", c, t, r) for n, (c, t, r) in enumerate(found)])
items = st.tuples(
    families,
    st.sampled_from(sorted(IVA)),
    st.lists(st.tuples(st.integers(0, 3), st.decimals(0, 50, places=3), amounts), max_size=6),
).map(lambda said: (said[0], said[1], tuple(Offer(*offer) for offer in said[2])))
lines = st.builds(
    Line,
    product=st.integers(1, 4),
    quantity=quantities,
    unit_price=st.none() | st.none() | amounts,
    discount=st.just(D()) | st.decimals(0, 100, places=2),
)


@settings(max_examples=300)
@given(
    st.sampled_from(["EUR", "JPY", "KWD"]),
    st.lists(lines, min_size=1, max_size=8),
    lists,
    st.tuples(items, items, items, items),
    st.lists(rules, max_size=8),
)
def test_prices_equal_a_plain_reference_and_never_lose_a_cent(currency, bought, known, made, tried):
    for thing in made:
        seen = [(offer.list, offer.from_quantity) for offer in thing[2]]
        if len(seen) != len(set(seen)):
            return  # the database keeps one price for a quantity
    found = {n: Item(n, f"P{n}", f, c, offers=o) for n, (f, c, o) in enumerate(made, start=1)}
    about = Terms(found, known, tried, taxes=IVA)
    basket = Basket(currency, bought)

    done = priced(basket, about)
    expected = Reference(basket, about)
    per = expected.per

    assert [line.amount * per for line in done.lines] == expected.amounts
    assert (done.net * per, done.tax * per) == (expected.net, expected.tax)
    assert sum(line.tax for line in done.lines) == done.tax
    assert sum(line.gross for line in done.lines) == done.gross
    assert sum(total.amount for total in done.taxes) == done.tax
    for line in done.lines:
        assert line.steps[-1].amount == (line.gross if line.is_priced else 0)
        taken = [step.values["off"] for step in line.steps if "off" in step.values]
        assert line.listed - sum(taken) == line.amount >= 0


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    total=st.integers(-(10**9), 10**9),
    weights=st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=20),
)
def test_shares_add_up_to_the_amount(currency, total, weights):
    amount = total * money.unit_of(currency)

    shares = money.shared(amount, weights, currency)

    assert sum(shares) == amount
    assert all(share == money.rounded(share, currency) for share in shares)
    assert all(share * amount >= 0 for share in shares)


def test_a_line_without_a_price_has_no_margin():
    known = terms(item(1, cost=D(6)), Item(2, "Unknown", cost=D(5)))

    done = price_of((1, 1), (2, 1), known=known)
    assert (done.lines[1].margin, done.margin) == (None, None)
    assert done.cost == 11
