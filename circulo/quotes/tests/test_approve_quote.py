"""Approval by rule: who is asked and why, who decides, and that nobody decides their own."""

from decimal import Decimal

import pytest
from django.db import transaction

from circulo.accounts.models import Notification
from circulo.api.tests.calls import Program
from circulo.catalog.models import ExchangeRate
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes import actions, drafts
from circulo.quotes.models import ApprovalRule, Quote
from circulo.quotes.selectors.approvals import rules_met
from circulo.quotes.selectors.today import quotes_of_today
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.records.verify import verify
from circulo.testing.make import make_approval_rule, make_product, make_quote, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lead(team):
    return make_user("manager", team=team)


@pytest.fixture
def seller(team, lead):
    return make_user(team=team)


def cheap(owner):
    product = make_product(price=100, cost=60)
    return make_quote(owner=owner, lines=[{"product": product.public_id, "discount": 20}])


def test_a_quote_that_meets_no_rule_is_sent_as_it_is(seller):
    make_approval_rule()
    quote = make_quote(owner=seller)
    assert actions.submit_quote(quote, by=seller).status == "approved"


def test_a_quote_that_meets_a_rule_waits_for_the_lead_of_the_team_and_is_not_sent(seller, lead):
    make_user("manager", team=make_team())
    make_approval_rule(name="Much off")
    quote = cheap(seller)

    with pytest.raises(RuleBroken) as refusal:
        actions.send_quote(quote, by=seller)
    assert refusal.value.code == "unapproved" and "Much off" in str(refusal.value.message)
    actions.submit_quote(quote, by=seller)

    (asked,) = quote.approvals.all()
    assert (asked.people, asked.reason) == ([lead.pk], "Much off")
    assert Notification.objects.get(to=lead).kind == "quotes.asked"
    told = quotes_of_today(lead)
    assert told and told["asked"][0][1] == quote
    assert Quote.objects.visible_to(lead).filter(pk=quote.pk).exists()
    quote.refresh_from_db()
    with pytest.raises(RuleBroken):
        actions.send_quote(quote, by=seller)

    actions.approve_quote(quote, by=lead)
    quote.refresh_from_db()
    assert quote.status == "approved"
    assert Notification.objects.get(to=seller).kind == "quotes.approved"
    assert actions.send_quote(quote, by=seller)[0].status == "sent"


def test_who_approves_sends_back_with_a_comment_and_it_is_a_draft_again(seller, lead):
    make_approval_rule()
    make_approval_rule(who="role", role="admin")
    make_user("admin")
    quote = cheap(seller)
    actions.submit_quote(quote, by=seller)
    with pytest.raises(Invalid):
        actions.return_quote(quote, by=lead, comment=" ")
    actions.return_quote(quote, by=lead, comment="Ten at most")
    quote.refresh_from_db()
    assert quote.status == "draft"
    assert sorted(quote.approvals.values_list("state", flat=True)) == ["dropped", "returned"]
    assert Notification.objects.get(to=seller).kind == "quotes.returned"


def test_each_rule_is_approved_by_its_own_people(seller, lead):
    boss = make_user("admin")
    make_approval_rule()
    margin = {"field": "margin", "op": "lt", "value": 40}
    make_approval_rule(criterion=margin, who="person", person=boss.pk)
    quote = cheap(seller)
    actions.submit_quote(quote, by=seller)

    assert actions.approve_quote(quote, by=lead).status == "waiting"
    with pytest.raises(RuleBroken):
        actions.approve_quote(quote, by=lead)
    assert actions.approve_quote(quote, by=boss).status == "approved"


def test_nobody_approves_their_own_unless_the_rule_says_so(team, lead):
    boss = make_user("admin")
    make_approval_rule(name="Others")
    quote = cheap(lead)
    actions.submit_quote(quote, by=lead)
    assert quote.approvals.get().people == [boss.pk], "an administrator where there is no other"
    with pytest.raises(RuleBroken):
        actions.approve_quote(quote, by=lead)

    actions.redraft_quote(quote, by=lead)
    ApprovalRule.objects.update(allows_own=True)
    actions.submit_quote(Quote.objects.get(pk=quote.pk), by=lead)
    assert actions.approve_quote(quote, by=lead).status == "approved"


@pytest.mark.parametrize(("currency", "rate", "price", "is_asked"), [
    ("EUR", None, 900, False), ("EUR", None, 1100, True), ("MXN", "0.05", 19_000, False),
    ("MXN", "0.05", 21_000, True), ("USD", None, 1, True),
])  # fmt: skip
def test_totals_are_compared_in_the_currency_of_the_firm(currency, rate, price, is_asked, seller):
    if rate:
        ExchangeRate.objects.create(currency=currency, target="EUR", day="2026-01-01", rate=rate)
    limit = {"field": "total_at_home", "op": "gt", "value": 1000}
    unknown = {"field": "total_at_home", "op": "empty"}
    make_approval_rule(criterion={"any": [limit, unknown]})
    lines = [{"product": make_product(tax_class="exempt").public_id, "price": price}]

    quote = make_quote(owner=seller, currency=currency, lines=lines)

    assert quote.total == price
    assert quote.total_at_home == (None if currency == "USD" else price * Decimal(rate or 1))
    assert bool(rules_met(quote)) == is_asked


def test_what_was_approved_is_asked_anew_when_it_is_taken_back(seller, lead):
    make_approval_rule()
    quote = cheap(seller)
    actions.submit_quote(quote, by=seller)
    actions.approve_quote(quote, by=lead)
    actions.redraft_quote(quote, by=seller)
    quote.refresh_from_db()
    with pytest.raises(RuleBroken):
        actions.send_quote(quote, by=seller)


@pytest.mark.parametrize(("said", "field"), [
    ({"name": ""}, "name"), ({"criterion": None}, "criterion"),
    ({"criterion": {"field": "colour", "op": "is", "value": 1}}, "criterion"),
    ({"who": "role"}, "role"), ({"who": "person", "person": 999_999}, "person"),
    ({"who": "anybody"}, "who"),
])  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(said, field):
    with pytest.raises(Invalid) as refusal:
        make_approval_rule(**said)
    assert set(refusal.value.fields) == {field}


def test_the_page_shows_why_it_waits_and_takes_the_decision_by_right(client, seller, lead):
    make_approval_rule(name="Much off")
    quote = cheap(seller)
    actions.submit_quote(quote, by=seller)
    client.force_login(seller)
    mine = client.get(quote.get_absolute_url()).content.decode()
    assert "Much off" in mine and 'value="approve"' not in mine
    assert f"Espera a {lead.name}" in mine
    client.post(f"{quote.get_absolute_url()}/decide", {"then": "approve"})
    quote.refresh_from_db()
    assert quote.status == "waiting"

    client.force_login(lead)
    assert 'value="approve"' in client.get(quote.get_absolute_url()).content.decode()
    assert "Much off" in client.get("/").content.decode()
    client.post(f"{quote.get_absolute_url()}/decide", {"then": "approve", "comment": "Fine"})
    quote.refresh_from_db()
    assert (quote.status, quote.approvals.get().comment) == ("approved", "Fine")


def test_no_undo_approves_what_nobody_has_looked_at(seller):
    make_approval_rule()
    product = make_product(price=100, cost=60)
    quote = make_quote(owner=seller, lines=[{"product": product.public_id}])
    actions.submit_quote(quote, by=seller)
    with acting(seller.pk, "screen") as taken_back:
        actions.redraft_quote(quote, by=seller)
    draft = drafts.read({"lines": [{"product": product.public_id, "discount": 60}]},
                        by=seller, quote=quote)  # fmt: skip
    actions.change_quote(quote, draft, by=seller)

    undo_changes(ChangeSet.objects.get(pk=taken_back.change_set or 0), by=seller)

    quote.refresh_from_db()
    assert quote.is_draft and quote.most_discount == 60
    with pytest.raises(RuleBroken):
        actions.send_quote(quote, by=seller)


def test_an_undo_in_another_order_leaves_a_draft_that_adds_up(seller):
    product = make_product(price=100)
    line = {"product": product.public_id}
    quote = make_quote(owner=seller, lines=[line])
    done = []
    for lines in ([line | {"discount": 50}], [line | {"discount": 50}, line]):
        with acting(seller.pk, "screen") as change:
            draft = drafts.read({"lines": lines}, by=seller, quote=quote)
            quote = actions.change_quote(quote, draft, by=seller)
        done.append(ChangeSet.objects.get(pk=change.change_set or 0))

    undo_changes(done[0], by=seller)

    quote.refresh_from_db()
    assert quote.net == sum(one.net for one in quote.lines.all())
    assert not verify()


@pytest.mark.parametrize(("price", "off", "given"), [(50, 0, 50), (80, 10, 28), (120, 10, 10)])
def test_a_lower_price_by_hand_is_given_away_like_a_discount(seller, price, off, given):
    product = make_product(price=100)
    line = {"product": product.public_id, "price": str(price), "discount": off}
    assert make_quote(owner=seller, lines=[line]).most_discount == given


def test_what_is_given_for_nothing_has_the_lowest_margin(seller):
    product = make_product(price=100, cost=60)
    quote = make_quote(owner=seller, lines=[{"product": product.public_id, "price": "0"}])
    assert quote.margin_rate is not None and quote.margin_rate < -1000


def test_who_takes_a_waiting_quote_over_does_not_approve_it(seller, lead):
    make_approval_rule()
    quote = cheap(seller)
    actions.submit_quote(quote, by=seller)
    actions.give_quotes([quote.pk], lead, by=lead)
    quote.refresh_from_db()
    with pytest.raises(RuleBroken):
        actions.approve_quote(quote, by=lead)


def test_a_price_by_hand_is_of_its_currency(seller):
    product = make_product(price=100)
    quote = make_quote(owner=seller, lines=[{"product": product.public_id, "price": "1500"}])
    with pytest.raises(Invalid), transaction.atomic():
        draft = drafts.read({"currency": "JPY"}, by=seller, quote=quote)
        actions.change_quote(quote, draft, by=seller)
    quote.refresh_from_db()
    assert quote.currency == "EUR" and quote.net == 1500


@pytest.mark.parametrize("criterion", [
    {"field": "most_discount", "op": "gt", "value": 10},
    {"all": [{"field": "most_discount", "op": "gte", "value": 10},
             {"field": "net", "op": "gt", "value": 0}]},
    {"not": {"field": "most_discount", "op": "lte", "value": 10}},
])  # fmt: skip
def test_a_price_by_hand_that_no_list_measures_is_looked_at(seller, criterion):
    make_approval_rule(criterion=criterion)
    dear = {"product": make_product(price=100).public_id, "discount": 5}
    cheap = {"product": make_product().public_id, "quantity": 10, "price": "0.01"}

    quote = make_quote(owner=seller, lines=[dear, cheap])

    assert quote.most_discount is None
    with pytest.raises(RuleBroken):
        actions.send_quote(quote, by=seller)
    assert actions.submit_quote(quote, by=seller).status == "waiting"
    assert make_quote(owner=seller, lines=[dear]).most_discount == 5
    assert not rules_met(make_quote(owner=seller, lines=[dear])) and not verify()


def test_an_undo_that_brings_back_a_price_nobody_can_measure_has_it_looked_at(seller):
    make_approval_rule()
    bare = {"product": make_product().public_id, "price": "0.01"}
    listed = {"product": make_product(price=100).public_id}
    quote = make_quote(owner=seller, lines=[bare])
    with acting(seller.pk, "screen") as change:
        draft = drafts.read({"lines": [listed]}, by=seller, quote=quote)
        quote = actions.change_quote(quote, draft, by=seller)
    assert quote.most_discount == 0

    undo_changes(ChangeSet.objects.get(pk=change.change_set or 0), by=seller)

    quote.refresh_from_db()
    assert quote.most_discount is None and rules_met(quote)


def test_the_page_of_a_draft_says_before_it_is_sent_what_must_be_approved(client, seller, lead):
    make_approval_rule(name="Much off")
    free, bound = make_quote(owner=seller), cheap(seller)
    seller.language = "en"
    seller.save(update_fields=["language"])
    client.force_login(seller)

    said = "must be approved before it is sent"
    assert said not in client.get(free.get_absolute_url()).content.decode()
    page = client.get(bound.get_absolute_url()).content.decode()
    assert said in page and "<li>Much off</li>" in page
    assert '<button class="button primary" data-keys="a">' in page
    assert '<button class="button" data-keys="s">' in page
    assert "20 % by hand" in page.replace("\xa0", " ") or "20% by hand" in page


def test_who_is_asked_finds_the_quote_in_their_list_and_nobody_else_does(seller, team):
    asked, other = make_user(team=make_team("North")), make_user(team=make_team("South"))
    make_approval_rule(who="person", person=asked.pk)
    quote = cheap(seller)
    actions.submit_quote(quote, by=seller)

    assert [one["id"] for one in Program(asked).get("quotes").json()["items"]] == [quote.public_id]
    assert Program(other).get("quotes").json()["items"] == []


def test_a_rule_that_was_taken_away_by_mistake_is_back_from_the_message(client):
    client.force_login(make_user("admin"))
    rule = make_approval_rule(name="Much off")

    answer = client.post(f"/settings/quotes/rules/{rule.public_id}/remove")
    assert answer.status_code == 302, answer.content
    assert not ApprovalRule.objects.exists()
    client.post(client.session["circulo.toasts"][-1]["undo"])

    assert ApprovalRule.objects.get() == rule
