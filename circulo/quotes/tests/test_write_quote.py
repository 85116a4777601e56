"""Writing quotes: numbers, lines, totals, revisions, and what stays as it was sent."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulo.accounts.models import Firm
from circulo.catalog.actions import change_coupon
from circulo.catalog.models import Coupon
from circulo.lib import money
from circulo.lib.errors import Invalid, RuleBroken, Stale
from circulo.quotes import actions, drafts
from circulo.quotes.actions.answering import Said
from circulo.quotes.models import Quote, QuoteLine
from circulo.quotes.tests.steps import changed, sent
from circulo.records.verify import verify
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_price_rule,
    make_product,
    make_quote,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_numbers_of_a_year_follow_each_other_without_a_gap():
    first, second = make_quote(), make_quote()
    with pytest.raises(Invalid), transaction.atomic():
        make_quote(lines=[{"product": "nothing"}])
    third = make_quote()
    year = timezone.localdate().year
    assert [one.number for one in (first, second, third)] == [
        f"{year}-0001", f"{year}-0002", f"{year}-0003",
    ]  # fmt: skip
    assert third.called == third.number and not verify()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_begin_quotes_at_once_each_gets_its_own_number():
    owner, party = make_user(), make_company()
    barrier = threading.Barrier(4)

    def begin():
        barrier.wait()
        make_quote(owner=owner, party=party, lines=[])
        connection.close()

    threads = [threading.Thread(target=begin) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Quote.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_a_quote_is_made_of_a_deal_in_one_act():
    make_product(price=50, name="Tinto")
    ana = make_contact()
    deal = make_deal(lines=[{"product": "Tinto", "quantity": 3, "discount": 10}],
                     people=[{"party": ana.public_id, "part": "decides"}])  # fmt: skip

    quote = actions.quote_deal(deal, by=deal.owner)

    assert (quote.title, quote.party, quote.deal, quote.owner) == (
        deal.title, deal.party, deal, deal.owner,
    )  # fmt: skip
    assert (quote.net, quote.tax, quote.total) == (
        Decimal(135), Decimal("28.35"), Decimal("163.35"),
    )  # fmt: skip
    line = quote.lines.get()
    assert (line.name, line.quantity, [s["kind"] for s in line.steps]) == (
        "Tinto", Decimal(3), ["list", "discount", "tax"],
    )  # fmt: skip
    assert quote.valid_until == timezone.localdate() + timedelta(days=30)
    assert {quote.discount, quote.most_discount} == {Decimal(10)}
    assert quote.contact is None, "the seller does not see Ana"


def test_a_line_keeps_its_price_when_the_catalogue_changes_and_a_revision_takes_the_new_one():
    product = make_product(price=50)
    quote = make_quote(lines=[{"product": product.public_id, "quantity": 2}])
    quote = sent(quote)
    make_price_rule(value=10)

    quote.refresh_from_db()
    assert quote.net == 100
    newer = actions.revise_quote(quote, by=quote.owner)
    quote.refresh_from_db()
    assert (int(newer.net), newer.revision, newer.called) == (90, 2, f"{quote.called}/2")
    assert (quote.status, newer.status, newer.number) == ("sent", "draft", newer.called)
    with pytest.raises(RuleBroken):
        actions.revise_quote(quote, by=quote.owner)
    assert not verify()


def test_nothing_of_what_was_sent_changes_by_whatever_way():
    quote = sent(make_quote())
    with pytest.raises(RuleBroken):
        changed(quote, terms="Others")
    for write in (
        lambda: Quote.objects.filter(pk=quote.pk).update(net=1, total=Decimal("22")),
        lambda: Quote.objects.filter(pk=quote.pk).update(sent_at=None),
        lambda: QuoteLine.objects.filter(quote=quote).update(name="Other"),
        lambda: QuoteLine.objects.create(quote=quote, quantity=1, name="One more"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("where", "is_late"), [("Pacific/Auckland", True), ("America/Lima", False)]
)
def test_a_quote_holds_until_its_day_is_over_where_the_firm_is(where, is_late, monkeypatch):
    quote = sent(make_quote())
    Firm.objects.update_or_create(pk=1, defaults={"time_zone": where})
    noon = datetime(2026, 6, 30, 14, tzinfo=UTC)  # in Auckland it is July already
    Quote.objects.filter(pk=quote.pk).update(is_demo=True)
    Quote.objects.filter(pk=quote.pk).update(valid_until=noon.date())
    quote.refresh_from_db()
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    assert quote.is_late == is_late
    assert actions.expire_quotes() == is_late
    told = Interaction.objects.filter(kind=Kind.QUOTE_EXPIRED).values_list("occurred_at", flat=True)
    assert list(told) == [datetime(2026, 6, 30, 12, tzinfo=UTC)] * is_late  # its midnight there


def test_what_is_sent_is_kept_as_a_document_by_its_digest():
    quote, link = actions.send_quote(make_quote(language="es"), by=make_user("admin"))
    assert quote.file is not None
    sheet = quote.file.file.read_bytes()
    assert sheet.startswith(b"%PDF") and hashlib.sha256(sheet).hexdigest() == quote.sha256
    assert quote.file.name == f"presupuesto-{quote.called}.pdf"
    key = link.rsplit("/", 1)[1]
    assert len(key) == 43 and quote.digest == hashlib.sha256(key.encode()).hexdigest()
    told = Interaction.objects.of(Kind.QUOTE_SENT).get()
    assert (told.party, told.about_kind, told.direction) == (quote.party, "quote", "out")
    assert "amount" not in told.data


def test_what_nobody_could_accept_is_not_sent():
    unpriced = make_product(name="Sin precio")
    for lines in ([], [{"product": unpriced.public_id}]):
        with pytest.raises(RuleBroken):
            sent(make_quote(lines=lines))
    late = make_quote()
    Quote.objects.filter(pk=late.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    late.refresh_from_db()
    with pytest.raises(RuleBroken):
        sent(late)


def test_a_coupon_is_used_by_who_accepts_first_and_not_by_who_only_was_offered_it():
    make_price_rule(coupon="FERIA", value=50)
    coupon = Coupon.objects.get()
    change_coupon(coupon, {"most_uses": 1}, by=None)
    lines = [{"product": make_product(price=10).public_id}]
    first, second = (sent(make_quote(coupon="feria", lines=lines)) for _n in range(2))
    assert (first.net, second.net) == (5, 5)

    actions.accept_quote(first, Said("Ana"))
    with pytest.raises(RuleBroken, match="FERIA"), transaction.atomic():
        actions.accept_quote(second, Said("Luis"))

    coupon.refresh_from_db()
    second.refresh_from_db()
    assert (coupon.uses, second.status) == (1, "sent")


def test_a_change_that_somebody_did_not_see_is_not_lost_nor_sent():
    quote = make_quote()
    actions.change_quote(quote, drafts.read({"terms": "Net"}, by=quote.owner, quote=quote),
                         by=quote.owner)  # fmt: skip
    with pytest.raises(Stale):
        actions.change_quote(quote, drafts.read({"title": "x"}, by=quote.owner, quote=quote),
                             by=quote.owner, version=1)  # fmt: skip
    with pytest.raises(RuleBroken):
        sent(quote)


def test_a_coupon_that_took_nothing_off_is_not_used_by_who_accepts():
    other = make_product(price=10)
    make_price_rule(coupon="FERIA", value=50, product=other.public_id)
    change_coupon(Coupon.objects.get(), {"most_uses": 1}, by=None)
    quote = sent(make_quote(coupon="feria"))
    assert quote.net == 100

    actions.accept_quote(quote, Said("Ana"))

    assert Coupon.objects.get().uses == 0
    useful = sent(make_quote(coupon="feria", lines=[{"product": other.public_id}]))
    actions.accept_quote(useful, Said("Luis"))
    assert Coupon.objects.get().uses == 1


def test_a_coupon_or_a_withholding_that_nobody_knows_is_refused_and_one_that_ended_left_out():
    make_price_rule(coupon="FERIA", value=50)
    for said in ({"coupon": "FIERA"}, {"withholding": "irpf"}):
        with pytest.raises(Invalid) as refusal:
            drafts.read(said, by=make_user())
        assert set(refusal.value.fields) == set(said)
    quote = sent(make_quote(coupon="feria", withholding="professional"))
    Coupon.objects.update(most_uses=1, uses=1)

    fresh = actions.revise_quote(quote, by=quote.owner)

    assert (fresh.coupon, fresh.net, fresh.withholding) == ("", Decimal(100), "professional")


def test_who_accepts_in_another_currency_than_the_deal_is_in_wins_it_for_what_was_accepted():
    product = make_product(price=10)
    deal = make_deal(lines=[{"product": product.public_id, "price": 8}])
    line = {"product": product.public_id, "price": 9}
    quote = sent(make_quote(owner=deal.owner, deal=deal.public_id, currency="USD", lines=[line]))

    actions.accept_quote(quote, Said("Ana"), by=None)

    deal.refresh_from_db()
    assert (deal.outcome, deal.amount, deal.currency) == ("won", Decimal(9), "USD")
    assert deal.lines.get().price == 9 and not verify()


def test_a_withdrawn_quote_is_closed_and_keeps_its_number():
    quote = sent(make_quote())
    assert actions.withdraw_quotes([quote.pk], by=quote.owner) == 1
    quote.refresh_from_db()
    assert (quote.status, quote.digest) == ("withdrawn", "")
    with pytest.raises(RuleBroken):
        actions.withdraw_quotes([quote.pk], by=quote.owner)


@pytest.mark.parametrize(("name", "value"), [
    ("title", ""), ("party", "nobody"), ("party", ["x"]), ("deal", "x"), ("currency", "EURO"),
    ("language", "fr"), ("valid_until", "0001-01-01"), ("valid_until", "9999-12-31"),
    ("owner", "x"), ("lines", 4), ("lines", [{"product": 3}]), ("total", 4), ("terms", "a\0"),
    ("title", "\ud800"),
])  # fmt: skip
def test_what_is_refused_is_told_for_each_field(name, value):
    with pytest.raises(Invalid) as refusal:
        drafts.read({name: value}, by=make_user())
    assert set(refusal.value.fields) == {name}


def _rounded(value, currency):
    """Halves away from zero, in fractions."""
    units = 10 ** money.decimals_of(currency)
    whole = value * units
    return Fraction(int(whole + Fraction(1, 2)), units)


LINES = st.lists(
    st.tuples(
        st.decimals("0.001", "9999", places=3), st.decimals("0", "9999", places=4),
        st.decimals("0", "100", places=3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["EUR", "JPY", "KWD"]), LINES)
def test_totals_are_what_fractions_say_in_currencies_of_any_decimals(currency, said):
    with transaction.atomic():
        product = make_product()
        lines = [{"product": product.public_id, "quantity": q, "price": p, "discount": d}
                 for q, p, d in said]  # fmt: skip
        quote = make_quote(currency=currency, lines=lines)
        net = Fraction()
        for quantity, price, discount in said:
            listed = _rounded(Fraction(price) * Fraction(quantity), currency)
            net += listed - _rounded(listed * Fraction(discount) / 100, currency)
        tax = _rounded(net * 21 / 100, currency)
        assert (Fraction(quote.net), Fraction(quote.tax)) == (net, tax)
        assert Fraction(quote.total) == net + tax
        kept = list(quote.lines.all())
        assert sum(line.net for line in kept) == quote.net
        assert sum(line.tax for line in kept) == quote.tax
        transaction.set_rollback(True)
