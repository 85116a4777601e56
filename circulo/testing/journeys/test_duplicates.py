"""One person who was entered twice becomes one again, with the mouse and with the keyboard."""

import pytest
from playwright.sync_api import expect

from circulo.parties.models import Duplicate, Party
from circulo.testing.journeys.hands import HANDS
from circulo.testing.make import make_contact, make_interaction, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pairs():
    seller = make_user("seller")
    made = []
    for number, probability in ((1, 0.99), (2, 0.9), (3, 0.8)):
        first, second = (
            make_contact(given_name=name, first_surname=f"Peña {number}", owner=seller)
            for name in ("Francisca", "Paqui")
        )
        made.append(
            Duplicate.objects.create(
                first=first, second=second, probability=probability,
                reasons={"given_name": "called", "surnames": "same"},
            )
        )  # fmt: skip
    for party in (made[0].first, made[0].second):
        make_interaction(party=party, by=seller, subject=f"Llamó como {party.given_name}")
    return seller, made


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_two_become_one_and_all_that_happened_is_on_one_page(visit, pairs, hand):
    seller, (likely, other, _last) = pairs
    visitor = visit(seller, reduced_motion="reduce")
    worker, page = hand(visitor.open("/duplicates")), visitor.page

    worker.do("#pair [data-keys=s]", keys="s")
    page.wait_for_url(f"**pair={other.public_id}*")
    worker.do("#pair [data-keys=k]", keys="k")
    page.wait_for_url(f"**pair={likely.public_id}*")
    expect(page.locator("#pair [name=take_given_name]").first).to_be_checked()
    worker.do("#pair button.primary", keys="m")

    page.wait_for_url(f"**pair={other.public_id}*")
    worker.do("#pair button[data-keys=n]", keys="n")
    page.wait_for_url(lambda url: other.public_id not in url)
    assert Duplicate.objects.get(pk=other.pk).is_different
    survivor = Party.objects.get(pk=likely.first_id)
    visitor.open(likely.second.get_absolute_url())
    assert page.url.endswith(survivor.get_absolute_url())
    for name in ("Francisca", "Paqui"):
        expect(page.locator("#latest")).to_contain_text(f"Llamó como {name}")


def test_a_pair_is_merged_without_script(visit, pairs):
    seller, (likely, *_others) = pairs
    page = visit(seller, java_script_enabled=False).open("/duplicates")

    page.locator(f"[name=survivor][value='{likely.second.public_id}']").check()
    page.locator("#pair button.primary").click()

    assert Party.objects.get(pk=likely.first_id).merged_into == likely.second
