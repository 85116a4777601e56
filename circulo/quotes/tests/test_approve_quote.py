"""Approval by rule: who is asked and why, who decides, and that nobody decides their own."""

import pytest

from circulo.accounts.models import Notification
from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes import actions
from circulo.quotes.models import ApprovalRule, Quote
from circulo.quotes.selectors.today import quotes_of_today
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
    client.post(f"{quote.get_absolute_url()}/decide", {"then": "approve"})
    quote.refresh_from_db()
    assert quote.status == "waiting"

    client.force_login(lead)
    assert 'value="approve"' in client.get(quote.get_absolute_url()).content.decode()
    assert "Much off" in client.get("/").content.decode()
    client.post(f"{quote.get_absolute_url()}/decide", {"then": "approve", "comment": "Fine"})
    quote.refresh_from_db()
    assert (quote.status, quote.approvals.get().comment) == ("approved", "Fine")
