"""Sales are pursued, leads converted, parties merged, all of it undone in any order: no history, no
sum and no forecast breaks.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circulo.accounts.models import User
from circulo.forecasts.periods import Period, period_of
from circulo.forecasts.selectors.tree import forecast_for
from circulo.forecasts.tests.dealings import ACTS as DEALINGS
from circulo.forecasts.tests.dealings import SLOWLY, WHICH, World, as_it_stands, in_a_world
from circulo.forecasts.tests.test_shares import by_largest_remainder
from circulo.leads import actions as leads
from circulo.leads.actions.converting import Conversion
from circulo.leads.models import Lead, LeadReason, LeadStay
from circulo.parties.actions import merge_parties
from circulo.parties.models import Party
from circulo.records.actions import undoing
from circulo.records.verify import verify
from circulo.sales import actions as sales
from circulo.sales import drafts
from circulo.sales.models import Deal, DealShare
from circulo.testing.make import make_company, make_contact, make_lead, make_user

pytestmark = pytest.mark.django_db
DAYS = st.one_of(st.none(), st.integers(-40, 100))
ACTS = st.one_of(
    DEALINGS,
    st.tuples(st.just("arrive"), st.sampled_from(["", "Bodegas Rius"])),
    st.tuples(st.just("convert"), WHICH, DAYS),
    st.tuples(st.just("discard"), WHICH),
    st.tuples(st.just("merge"), WHICH, WHICH),
    st.tuples(st.just("expect"), WHICH, DAYS),
    st.tuples(st.just("count"), WHICH, st.sampled_from(["", "commit", "omitted"])),
    st.tuples(st.just("share"), WHICH, st.lists(st.integers(1, 60), max_size=3)),
    st.tuples(st.just("give"), WHICH, st.integers(0, 3)),
)
Sums = dict[tuple[int, str], list[Decimal]]


class Firm(World):
    """A firm with leads, companies and people too."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = LeadReason.objects.order_by("position").first()
        make_company(owner=self.by)
        self.sellers = [self.by, *(make_user() for _n in range(3))]
        for _n in range(2):
            make_contact(owner=self.by)
            self._arrive("")

    def _arrive(self, company: str) -> None:
        make_lead(owner=self.by, company=company)

    def _convert(self, which: int, days: int | None) -> None:
        said = {"title": "De un interesado", "amount": "33.33", **_expected(days)}
        deal = drafts.read(said, by=self.by)
        leads.convert_lead(self.lead(which), Conversion(deal=deal), by=self.by)

    def _discard(self, which: int) -> None:
        leads.discard_lead(self.lead(which), reason=self.lost, by=self.by)

    def _merge(self, which: int, other: int) -> None:
        stays, goes = self.party_at(which), self.party_at(other)
        if stays != goes and stays.kind == goes.kind:
            merge_parties(stays, [goes], by=self.by)

    def _expect(self, which: int, days: int | None) -> None:
        self._say(which, _expected(days))

    def _count(self, which: int, category: str) -> None:
        self._say(which, {"forecast_as": category})

    def _share(self, which: int, percents: list[int]) -> None:
        several = zip(self.sellers[1:], percents, strict=False)
        shares = [{"user": one.opaque, "percent": percent} for one, percent in several]
        self._say(which, {"shares": shares})

    def _give(self, which: int, to: int) -> None:
        self._say(which, {"owner": self.sellers[to].opaque})

    def _say(self, which: int, said: dict[str, Any]) -> None:
        deal = self.deal(which)
        sales.change_deal(deal, drafts.read(said, by=self.by, deal=deal), by=self.by)

    def lead(self, which: int) -> Lead:
        rows = list(Lead.objects.order_by("pk"))
        return rows[which % len(rows)]

    def party_at(self, which: int) -> Party:
        rows = list(Party.objects.filter(binned_at=None).order_by("pk"))
        return rows[which % len(rows)]


@pytest.fixture
def firm() -> Firm:
    """Made once for all examples of a test."""
    return Firm()


def _expected(days: int | None) -> dict[str, Any]:
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    return {"expected_on": day and day.isoformat()}


def plainly(periods: list[Period], person: User | None = None) -> Sums:
    """How many deals each period has in each category, what they bring and what that is worth; to
    one person, by their part of each."""
    today = timezone.localdate()
    sums: Sums = defaultdict(lambda: [Decimal(0)] * 3)
    for deal in Deal.objects.filter(binned_at=None).select_related("stage"):
        stage = deal.stage
        if deal.outcome == "won":
            day, category, chance = timezone.localdate(deal.closed_at), "closed", 100
        elif deal.outcome == "open" and deal.expected_on:
            day, chance = max(deal.expected_on, today), stage.probability
            by_chance = {chance >= 80: "commit", chance == 0: "omitted"}.get(True)
            by_chance = by_chance or ("best_case" if chance >= 50 else "pipeline")
            category = deal.forecast_as or stage.forecast_as or by_chance
        else:
            continue
        for n, period in enumerate(periods):
            if period.holds(day):
                amount = part_of(deal, person)
                is_counted = person is None or deal.owner_id == person.pk
                told = (Decimal(is_counted), amount, amount * chance / 100)
                sums[n, category] = [a + b for a, b in zip(sums[n, category], told, strict=True)]
    return dict(sums)


def part_of(deal: Deal, person: User | None) -> Decimal:
    """What somebody has of a deal: all of it where nobody is named."""
    amount = deal.amount or Decimal(0)
    if person is None:
        return amount
    shares = list(deal.shares.order_by("pk").values_list("user", "percent"))
    parts = by_largest_remainder(amount, [percent for _user, percent in shares], 2)
    whose = [deal.owner_id, *(user for user, _percent in shares)]
    return sum((p for who, p in zip(whose, parts, strict=True) if who == person.pk), Decimal(0))


def forecast(firm: Firm, periods: list[Period], person: User | None = None) -> Sums:
    """The same as the forecast of the firm, or of one person, says it."""
    said = forecast_for(firm.by, periods, today=timezone.localdate())
    assert said is not None
    keys = {node.key: node for node in said.root.people()}
    node = said.root if person is None else keys.get(person.pk)
    return {
        (n, category): [Decimal(tally.count), tally.amount, tally.weighted]
        for n, figures in enumerate(node.figures if node else ())
        for category, tally in figures.tallies.items()
    }


def told(sums: Sums) -> Sums:
    """What there is to say of them."""
    return {key: values for key, values in sums.items() if any(values)}


def everything() -> list[Any]:
    parties = Party.objects.order_by("pk").values_list("pk", "name", "company", "binned_at")
    told = ("pk", "status", "party", "company_party", "deal", "converted_at", "binned_at")
    stays = LeadStay.objects.order_by("pk").values_list("lead", "status", "entered_at", "left_at")
    owners = Deal.objects.order_by("pk").values_list(
        "pk", "party", "owner", "expected_on", "forecast_as"
    )
    shares = DealShare.objects.order_by("deal", "user").values_list("deal", "user", "percent")
    found = Lead.objects.order_by("pk").values_list(*told)
    return [*parties, *found, *stays, *owners, *shares, *as_it_stands()]


@SLOWLY
@given(st.lists(ACTS, min_size=1, max_size=12))
def test_no_order_of_acts_and_undos_breaks_history_sums_or_the_forecast(firm, acts):
    def story(firm: Firm) -> None:
        month = period_of(timezone.localdate(), "month")
        periods = [month, month.moved(1), month.moved(2)]
        for act in acts:
            firm.do(*act)
            assert not verify()
        assert forecast(firm, periods) == plainly(periods)
        for one in firm.sellers:
            assert told(forecast(firm, periods, one)) == told(plainly(periods, one))

    in_a_world(firm, story)


@SLOWLY
@given(st.lists(ACTS.filter(lambda act: act[0] != "undo"), min_size=1, max_size=8))
def test_undone_in_reverse_order_leads_parties_and_deals_are_as_before(firm, acts):
    def story(firm: Firm) -> None:
        before = everything()
        for act in acts:
            firm.do(*act)
        for done in reversed(firm.done):
            undo = undoing.undo_changes(done, by=firm.by)
            assert (undo.state, undo.kept, undo.refused) == ("done", 0, 0)
        assert everything() == before

    in_a_world(firm, story)
