"""How deals end, and begin again."""

import pytest

from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.models import DealStay
from circulo.testing.make import make_deal, make_reason
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def way_of(deal):
    rows = DealStay.objects.filter(deal=deal).order_by("entered_at", "pk")
    return [stay.outcome for stay in rows]


def test_winning_closes_the_deal_and_tells_the_timeline():
    deal = make_deal(amount="99.90")

    won = actions.win_deal(deal, by=deal.owner, note="A la primera")

    assert (won.outcome, won.is_open, won.reason_note) == ("won", False, "A la primera")
    assert won.closed_at is not None
    assert way_of(deal) == ["open", "won"]
    told = Interaction.objects.of(Kind.DEAL_WON).get()
    assert (told.party, told.by, told.about_id) == (deal.party, deal.owner, deal.pk)
    assert not verify()


def test_losing_needs_a_reason_and_keeps_it():
    deal, reason = make_deal(), make_reason("lost", "Otro proveedor")
    with pytest.raises(Invalid) as refusal:
        actions.lose_deal(deal, by=deal.owner, reason=None)
    assert set(refusal.value.fields) == {"reason"}

    lost = actions.lose_deal(deal, by=deal.owner, reason=reason)

    assert (lost.outcome, lost.reason) == ("lost", reason)
    assert Interaction.objects.of(Kind.DEAL_LOST).count() == 1


def test_a_timeline_tells_nothing_that_a_role_may_not_see_of_deals():
    reason = make_reason("lost", "Otro proveedor")
    won, lost = make_deal(amount="99.90"), make_deal(amount="12.34")

    actions.win_deal(won, by=won.owner, note="Con rebaja")
    actions.lose_deal(lost, by=lost.owner, reason=reason, note="Sin rebaja")

    told = str(list(Interaction.objects.values("subject", "body", "data")))
    assert won.title in told and lost.title in told
    for hidden in ("99.9", "12.34", "rebaja", "Otro proveedor"):
        assert hidden not in told


def test_a_reason_for_winning_is_none_for_losing():
    deal = make_deal()
    with pytest.raises(Invalid):
        actions.lose_deal(deal, by=deal.owner, reason=make_reason("won"))


def test_a_deal_opened_again_goes_on_where_it_was():
    deal = make_deal()
    actions.lose_deal(deal, by=deal.owner, reason=make_reason())
    again = actions.reopen_deal(deal, by=deal.owner)
    assert (again.outcome, again.closed_at, again.reason) == ("open", None, None)
    assert again.stage == deal.stage
    assert way_of(deal) == ["open", "lost", "open"]
    assert Interaction.objects.of(Kind.DEAL_REOPENED).count() == 1
    assert not verify()


def test_what_is_over_does_not_end_twice_and_what_is_open_does_not_open():
    deal = make_deal()
    with pytest.raises(RuleBroken):
        actions.reopen_deal(deal, by=deal.owner)
    actions.win_deal(deal, by=deal.owner)
    with pytest.raises(RuleBroken):
        actions.lose_deal(deal, by=deal.owner, reason=make_reason())


def test_a_deal_without_a_party_ends_too_and_no_timeline_is_told():
    deal = make_deal(columns={"party_id": None})
    actions.win_deal(deal, by=deal.owner)
    assert not Interaction.objects.exists()
