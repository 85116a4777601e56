"""What colleagues marked on quotes by mistake is taken back; what left or customers did is not."""

from decimal import Decimal

import pytest

from circulo.accounts.models import Role
from circulo.catalog.models import Coupon
from circulo.lib.acting import acting
from circulo.lib.errors import RuleBroken
from circulo.quotes import actions
from circulo.quotes.actions.answering import Said
from circulo.quotes.models import Answer, Quote, Series
from circulo.quotes.tests.steps import changed, sent
from circulo.quotes.undone import refusal
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Change, ChangeSet
from circulo.records.verify import verify
from circulo.sales import actions as sales
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_approval_rule,
    make_deal,
    make_price_rule,
    make_product,
    make_quote,
    make_reason,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PHONED = Said("Ana", "By phone")


@pytest.fixture
def deal():
    product = make_product(price=100)
    return make_deal(amount="70", lines=[{"product": product.public_id}])


def done(act, by, *arguments, **more):
    """The change set of an act, done on the screen by somebody."""
    with acting(by.pk, "screen") as at_work:
        act(*arguments, by=by, **more)
    return ChangeSet.objects.get(pk=at_work.change_set or 0)


def offered(deal, **said):
    return sent(changed(actions.quote_deal(deal, by=deal.owner), **said))


def marked(quote, kind="accepted"):
    return done(actions.answer_for, quote.owner, quote, PHONED, kind)


def test_an_acceptance_noted_by_mistake_goes_back_with_the_deal_it_won(deal):
    quote = offered(deal)
    was = (deal.outcome, deal.amount, list(deal.lines.values_list("pk", "net")))
    key = quote.digest
    marking = marked(quote)
    deal.refresh_from_db()
    assert deal.outcome == "won" and deal.amount == 100

    undo = undo_changes(marking, by=quote.owner)

    for one in (quote, deal):
        one.refresh_from_db()
    assert (undo.kept, undo.refused) == (0, 0)
    assert (quote.status, quote.decided_at, quote.decision_note) == ("sent", None, "")
    assert (quote.digest, Answer.objects.count()) == (key, 0)
    assert (deal.outcome, deal.amount, list(deal.lines.values_list("pk", "net"))) == was
    kept = Change.objects.filter(kind="quote", root=quote.pk, new__has_key="status")
    assert [(line.new or {})["status"] for line in kept.order_by("step")] == [
        "sent",
        "accepted",
        "sent",
    ]
    actions.accept_quote(quote, Said("Ana"))
    assert Quote.objects.get().status == "accepted" and not verify()


def test_a_deal_that_was_lost_is_lost_again_for_its_reason(deal):
    quote, reason = offered(deal), make_reason()
    sales.lose_deal(deal, by=deal.owner, reason=reason, note="Too dear")
    undo_changes(marked(quote), by=quote.owner)
    deal.refresh_from_db()
    assert (deal.outcome, deal.reason, deal.reason_note) == ("lost", reason, "Too dear")
    assert not verify()


def test_a_refusal_noted_by_mistake_goes_back_and_the_undo_can_be_undone():
    quote = sent(make_quote())
    undo = undo_changes(marked(quote, "refused"), by=quote.owner)
    assert Quote.objects.get().status == "sent" and not Answer.objects.exists()
    undo_changes(undo, by=quote.owner)
    quote.refresh_from_db()
    assert (quote.status, quote.decision_note) == ("refused", "By phone")
    assert Answer.objects.get().name == "Ana" and not verify()


def test_the_use_of_a_coupon_goes_back_with_the_acceptance_and_comes_again():
    make_price_rule(coupon="FERIA", value=50)
    quote = sent(make_quote(coupon="feria"))
    undo = undo_changes(marked(quote), by=quote.owner)
    assert Coupon.objects.get().uses == 0
    again = undo_changes(undo, by=quote.owner)
    assert (Coupon.objects.get().uses, Quote.objects.get().status) == (1, "accepted")
    undo_changes(again, by=quote.owner)
    assert Coupon.objects.get().uses == 0 and not verify()


def test_a_newer_revision_that_the_acceptance_withdrew_goes_on_again():
    quote = sent(make_quote())
    newer = actions.revise_quote(quote, by=quote.owner)
    undo = undo_changes(marked(quote), by=quote.owner)
    newer.refresh_from_db()
    assert (newer.status, undo.refused) == ("draft", 0) and not verify()


def test_what_was_withdrawn_by_mistake_lies_with_the_customer_again(client):
    quote = sent(make_quote())
    key = quote.digest
    withdrawing = done(actions.withdraw_quotes, quote.owner, [quote.pk])
    undo_changes(withdrawing, by=quote.owner)
    quote.refresh_from_db()
    assert (quote.status, quote.digest) == ("sent", key) and Series.objects.get().last == 1

    again = done(actions.withdraw_quotes, quote.owner, [quote.pk])
    actions.revise_quote(quote, by=quote.owner)
    with pytest.raises(RuleBroken, match="newer revision"):
        undo_changes(again, by=quote.owner)


def test_why_not_is_asked_once_for_many_quotes():
    owner = make_user("admin")
    several = [make_quote(owner=owner) for _n in range(5)]
    one = done(actions.withdraw_quotes, owner, [several[0].pk])
    many = done(actions.withdraw_quotes, owner, [quote.pk for quote in several[1:]])
    assert query_cost(refusal, one, owner) == query_cost(refusal, many, owner)
    undo_changes(many, by=owner)
    assert list(Quote.objects.order_by("pk").values_list("status", flat=True)) == [
        "withdrawn", *["draft"] * 4
    ]  # fmt: skip


def test_what_waited_for_approval_is_a_draft_when_its_withdrawal_is_undone():
    make_approval_rule()
    quote = changed(make_quote(), lines=[{"product": make_product(price=9).public_id,
                                          "discount": 60}])  # fmt: skip
    assert actions.submit_quote(quote, by=quote.owner).status == "waiting"
    undo_changes(done(actions.withdraw_quotes, quote.owner, [quote.pk]), by=quote.owner)
    quote.refresh_from_db()
    assert quote.is_draft and not quote.approvals.filter(state="waiting").exists()
    assert not verify()


def test_what_the_customer_said_on_line_stays_with_its_deal_and_the_refusal_says_why(deal):
    quote = offered(deal)
    with acting(None, "portal") as answering:
        actions.accept_quote(quote, Said("Ana"))
    with pytest.raises(RuleBroken, match="answered .* on line: that stays"):
        undo_changes(ChangeSet.objects.get(pk=answering.change_set or 0), by=make_user("admin"))
    deal.refresh_from_db()
    assert (deal.outcome, Quote.objects.get().status) == ("won", "accepted")


@pytest.mark.parametrize("act", ["send_quote", "revise_quote"])
def test_what_has_left_and_every_number_stay_and_the_refusal_says_why(act):
    quote = make_quote() if act == "send_quote" else sent(make_quote())
    why = "what has left" if act == "send_quote" else "keeps its number"
    with pytest.raises(RuleBroken, match=why):
        undo_changes(done(getattr(actions, act), quote.owner, quote), by=make_user("admin"))
    assert not verify()


def test_nobody_takes_an_answer_back_whose_deal_they_may_not_change(deal):
    quote = offered(deal)
    clerk = make_user("seller")
    Quote.objects.filter(pk=quote.pk).update(owner=clerk)
    quote.refresh_from_db()
    with pytest.raises(RuleBroken, match=f"ask {deal.owner.name}"):
        undo_changes(marked(quote), by=clerk)
    Role.objects.filter(pk="seller").update(rights={"deals": {"view": "all", "edit": "all"}})
    marking = ChangeSet.objects.filter(undone_by=None).latest("pk")
    undo_changes(marking, by=type(clerk).objects.get(pk=clerk.pk))
    assert Quote.objects.get().status == "sent"


def test_earlier_words_of_what_is_decided_are_not_put_back_by_an_undo():
    quote = make_quote()
    editing = done(actions.change_quote, quote.owner, quote, draft_of(quote, title="Other"))
    quote.refresh_from_db()
    marked(sent(quote))
    undo = undo_changes(editing, by=quote.owner)
    quote.refresh_from_db()
    assert (undo.done, quote.title, quote.status) == (0, "Other", "accepted")


def test_the_pages_offer_to_take_a_mark_back_and_say_why_not(client, deal):
    quote = offered(deal)
    client.force_login(quote.owner)
    told = {"name": "Ana", "note": "By phone"}
    page = client.post(f"{quote.get_absolute_url()}/accept", told, follow=True)
    url = page.context["shell"].toasts and page.content.decode()
    assert "/undo" in (url or page.content.decode())
    marking = ChangeSet.objects.latest("pk")
    client.post(f"/changes/{marking.public_id}/undo")
    assert Quote.objects.get(pk=quote.pk).status == "sent"
    assert Decimal(70) == type(deal).objects.get(pk=deal.pk).amount
    page = client.post(f"{quote.get_absolute_url()}/withdraw", follow=True).content.decode()
    assert "/undo" in page


def draft_of(quote, **said):
    from circulo.quotes import drafts

    return drafts.read(said, by=quote.owner, quote=quote)
