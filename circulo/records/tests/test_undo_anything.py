"""Any sequence of acts, undone: in reverse order all is as before; in any order it is, or is told.

Tables are compared row by row, keys included; only versions and moments of change may grow.
"""

from __future__ import annotations

import io
import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulo.agenda import actions as agenda
from circulo.agenda.models import Entry
from circulo.agenda.times import instance_of
from circulo.catalog.actions import set_exchange_rates
from circulo.catalog.lines import Wanted, priced_lines
from circulo.catalog.selectors.pricing import Asked
from circulo.lib.acting import acting, changing
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import actions
from circulo.parties.actions import writing
from circulo.parties.drafts import read
from circulo.parties.models import Party, Point, Relationship
from circulo.quotes import actions as quotes
from circulo.quotes.drafts import read as read_quote
from circulo.quotes.models import Quote
from circulo.records.actions import loads, running, undoing
from circulo.records.models import ChangeSet
from circulo.records.tracking import tracked
from circulo.sales import actions as sales
from circulo.sales.drafts import read as read_deal
from circulo.sales.models import Deal
from circulo.testing.make import (
    make_appointment,
    make_company,
    make_contact,
    make_deal,
    make_interaction,
    make_price_rule,
    make_product,
    make_quote,
    make_user,
)

pytestmark = pytest.mark.django_db
WORDS = st.sampled_from(["", "a", "b", "c"])
GROWING = {"version", "updated_at"}
EMAILS = st.lists(st.sampled_from(["a@x.es", "b@x.es", "c@x.es"]), unique=True, max_size=3)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "job_title": WORDS,
        "source": WORDS,
        "notes": WORDS,
        "emails": EMAILS,
        "phones": st.sampled_from([[], ["+34600000001"], ["+34600000002", "+34600000001"]]),
        "tags": st.lists(st.sampled_from(["x", "y"]), unique=True),
        "addresses": st.sampled_from(
            [[], [{"city": "Soria"}], [{"city": "Lugo"}, {"city": "Ávila"}]]
        ),
    },
)
WHICH = st.integers(0, 9)
MONEY = st.sampled_from(["EUR", "USD", "CLF"])
GOODS = st.lists(
    st.fixed_dictionaries(
        {"product": st.just("Tinto")},
        optional={"quantity": st.integers(1, 3), "discount": st.sampled_from([0, 10])},
    ),
    max_size=3,
)
SEVERAL = st.lists(WHICH, unique=True)
ACTS = st.one_of(
    st.tuples(st.just("add"), SAID),
    st.tuples(st.just("change"), WHICH, SAID),
    st.tuples(st.just("employ"), WHICH, WHICH),
    st.tuples(st.just("many"), SEVERAL, st.sampled_from(["source", "notes"]), WORDS),
    st.tuples(st.just("own_field"), WHICH, st.dictionaries(st.sampled_from("pq"), WORDS)),
    st.tuples(st.just("tag"), SEVERAL, st.sampled_from("xy")),
    st.tuples(st.just("bin"), SEVERAL),
    st.tuples(st.just("restore"), SEVERAL),
    st.tuples(st.just("relate"), WHICH, WHICH),
    st.tuples(st.just("merge"), WHICH, WHICH),
    st.tuples(st.just("plan"), WHICH, st.sampled_from([[], [30], [0, 60]])),
    st.tuples(st.just("move"), WHICH, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("part"), WHICH, st.integers(0, 3)),
    st.tuples(st.just("worth"), WHICH, st.sampled_from([None, 5, 8]), MONEY),
    st.tuples(st.just("sell"), WHICH, GOODS, st.booleans()),
    st.tuples(st.just("offer"), GOODS, MONEY, st.sampled_from(["", "FERIA"])),
    st.tuples(st.just("load"), st.lists(st.tuples(EMAILS, WORDS, WORDS), min_size=1, max_size=4)),
)  # fmt: skip


class World:
    """A few records, acted upon; every act is a change set."""

    start = datetime(2099, 3, 2, 9, tzinfo=UTC)

    def __init__(self) -> None:
        self.by = make_user("admin", time_zone="UTC")
        for _n in range(3):
            make_company()
        for n in range(3):
            make_interaction(party=make_contact(emails=[f"{'abc'[n]}@x.es"]))
        product = [{"product": make_product(price=10, name="Tinto").public_id}]
        make_price_rule(coupon="FERIA", value=50)
        set_exchange_rates([("USD", "EUR", date(2020, 1, 1), Decimal("0.5"))], by=None)
        parties = iter(Party.objects.order_by("pk"))
        for is_followed in (False, True):
            make_deal(owner=self.by, party=next(parties), lines=product,
                      amount=None if is_followed else 7, amount_from_lines=is_followed)  # fmt: skip
        make_quote(owner=self.by, party=next(parties), lines=product)
        self.worths = {*self.worth()}

    def parties(self, which: list[int]) -> list[Party]:
        rows = list(Party.objects.order_by("pk"))
        return [rows[n % len(rows)] for n in which] if rows else []

    def do(self, act: str, *said: Any) -> ChangeSet | None:
        """Do one act; its change set, where it changed anything."""
        with acting(self.by.pk, "screen") as at_work:
            try:
                with transaction.atomic():
                    load = getattr(self, f"_{act}")(*said)
            except (Invalid, RuleBroken):
                return None
        self.worths |= {*self.worth()}
        key = load.change_set_id if load else at_work.latest
        return ChangeSet.objects.filter(pk=key or 0).first()

    def _add(self, said: dict[str, Any]) -> None:
        make_contact(owner=self.by, **said)

    def _change(self, which: int, said: dict[str, Any]) -> None:
        for party in self.parties([which]):
            actions.change_party(party, read(said, party.kind, partial=True), by=self.by)

    def _employ(self, which: int, company: int) -> None:
        party, other = self.parties([which, company])
        if other.is_organisation and party != other:
            draft = read({}, party.kind, partial=True)
            draft.columns["company_id"] = other.pk
            actions.change_party(party, draft, by=self.by)

    def _many(self, which: list[int], name: str, word: str) -> None:
        keys = [party.pk for party in self.parties(which)]
        actions.edit_parties(keys, {name: word}, by=self.by)

    def _own_field(self, which: int, custom: dict[str, str]) -> None:
        actions.edit_parties([p.pk for p in self.parties([which])], {"custom": custom}, by=self.by)

    def _tag(self, which: list[int], tag: str) -> None:
        actions.tag_parties([party.pk for party in self.parties(which)], add=tag, by=self.by)

    def _bin(self, which: list[int]) -> None:
        actions.bin_parties([party.pk for party in self.parties(which)], by=self.by)

    def _restore(self, which: list[int]) -> None:
        actions.restore_parties([party.pk for party in self.parties(which)], by=self.by)

    def _relate(self, which: int, other: int) -> None:
        party, another = self.parties([which, other])
        actions.relate(party, "related", another, by=self.by)

    def _merge(self, which: int, other: int) -> None:
        """What merging two records comes to: all of one moves to the other."""
        party, gone = self.parties([which, other])
        if party == gone:
            return
        with changing("merge", by=self.by.pk):
            known = party.points.values("value")
            Point.objects.filter(party=gone, value__in=known).delete()
            gone.points.update(party=party, is_primary=False)
            gone.interactions.update(party=party)
            Relationship.objects.filter(party=gone).delete()
            actions.bin_parties([gone.pk], by=self.by)
            writing.refresh_search([party.pk, gone.pk])

    def _plan(self, which: int, reminders: list[int]) -> None:
        party = self.parties([which])[0].public_id
        make_appointment(owner=self.by, starts_at=self.start, repeat="FREQ=DAILY;COUNT=4",
                         parties=[party], reminders=reminders)  # fmt: skip

    def _move(self, which: int, days: int, is_alone: bool) -> None:
        for entry in self.entries(which):
            start = self.start + timedelta(days=days, hours=1)
            instance = self.instance(1) if is_alone else ""
            agenda.move_entry(entry, by=self.by, start=start, instance=instance)

    def _part(self, which: int, day: int) -> None:
        for entry in self.entries(which):
            agenda.part_series(entry, self.instance(day), by=self.by)

    def worth(self) -> list[tuple[Any, ...]]:
        """What deals are worth whose amounts somebody types."""
        typed = Deal.objects.filter(amount_from_lines=False)
        return list(typed.values_list("pk", "amount", "currency"))

    def _worth(self, which: int, amount: int | None, currency: str) -> None:
        said: dict[str, Any] = {"currency": currency}
        self._change_deal(which, said | ({"amount": amount} if amount else {}))

    def _sell(self, which: int, lines: list[dict[str, Any]], is_followed: bool) -> None:
        self._change_deal(which, {"lines": lines, "amount_from_lines": is_followed})

    def _change_deal(self, which: int, said: dict[str, Any]) -> None:
        deal = Deal.objects.order_by("pk")[which % 2]
        sales.change_deal(deal, read_deal(said, by=self.by, deal=deal), by=self.by)

    def _offer(self, lines: list[dict[str, Any]], currency: str, coupon: str) -> None:
        quote = Quote.objects.get()
        said = {"lines": lines, "currency": currency, "coupon": coupon}
        quotes.change_quote(quote, read_quote(said, by=self.by, quote=quote), by=self.by)

    def instance(self, day: int) -> str:
        """The name of the one so many days on."""
        return instance_of((self.start + timedelta(days=day)).replace(tzinfo=None))

    def entries(self, which: int) -> list[Entry]:
        """One of the appointments, where there are any."""
        rows = list(Entry.objects.order_by("pk"))
        return [rows[which % len(rows)]] if rows else []

    def _load(self, rows: list[tuple[list[str], str, str]]) -> Any:
        table = "Nombre,Email,Cargo,Empresa\n" + "".join(
            f"Ana {n},{emails[0] if emails else ''},{title},{company}\n"
            for n, (emails, title, company) in enumerate(rows)
        )
        load = loads.start_load(io.BytesIO(table.encode()), "few.csv", "contacts", by=self.by)
        load = loads.map_columns(load, options={"key": "emails"})
        return running.run_load(load)


def tables() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for each in tracked().values():
            cursor.execute(f"SELECT to_json(r)::text FROM {each.table} r ORDER BY id")
            found[each.kind] = [
                {k: v for k, v in json.loads(text).items() if k not in GROWING}
                for (text,) in cursor.fetchall()
            ]
    return found


def assert_what_belongs_together_is_together(world: World) -> None:
    """No amount has a currency that it never had, and lines come to what prices say of them."""
    assert {*world.worth()} <= world.worths
    for deal in Deal.objects.all():
        kept = list(deal.lines.order_by("position", "pk"))
        asked = Asked([], deal.party, deal.currency)
        _as_priced(kept, asked)
        if deal.amount_from_lines:
            assert deal.amount == (sum(line.net for line in kept) if kept else None)
    quote = Quote.objects.get()
    coupons = [quote.coupon] if quote.coupon else []
    offered = list(quote.lines.order_by("position", "pk"))
    total = _as_priced(offered, Asked([], quote.party, quote.currency, coupons=coupons))
    assert (quote.net, quote.tax) == total


def _as_priced(kept: list[Any], asked: Asked) -> tuple[Decimal, Decimal]:
    priced, rows = priced_lines([Wanted.of(line) for line in kept], asked)
    for line, row in zip(kept, rows, strict=True):
        said = {name: getattr(line, name) for name in row if name != "position"}
        assert said == {name: row[name] for name in said}
    return priced.net, priced.tax


@pytest.fixture
def world() -> World:
    """Made once for all examples of a test."""
    return World()


def in_a_world(world: World, test: Any) -> None:
    """Run a part of a test in a world that is as it was afterwards."""
    with transaction.atomic():
        test(deepcopy(world))
        transaction.set_rollback(True)


SLOWLY = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@SLOWLY
@given(st.lists(ACTS, min_size=1, max_size=7))
def test_undone_in_reverse_order_everything_is_as_before(world, acts):
    def story(world: World) -> None:
        states = []
        for act in acts:
            before = tables()
            done = world.do(*act)
            if done:
                states.append((done, before))
        for done, before in reversed(states):
            undo = undoing.undo_changes(done, by=world.by)
            assert (undo.state, undo.kept, undo.refused) == ("done", 0, 0)
            assert tables() == before

    in_a_world(world, story)


@SLOWLY
@given(st.lists(ACTS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_undone_in_any_order_it_is_as_before_or_the_conflict_is_named(world, acts, chance):
    def story(world: World) -> None:
        before = tables()
        done = [each for act in acts if (each := world.do(*act))]
        chance.shuffle(done)
        undone = [undoing.undo_changes(each, by=world.by) for each in done]
        named = sum(undo.clashes.count() for undo in undone)
        assert named or tables() == before
        assert_what_belongs_together_is_together(world)

    in_a_world(world, story)


def test_what_was_taken_back_does_not_return_with_what_had_deleted_it():
    world = World()
    before = tables()
    done = [world.do("relate", 1, 0), world.do("merge", 0, 1)]

    for each in done:
        assert each
        undoing.undo_changes(each, by=world.by)

    assert tables() == before


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("acts", [
    [("worth", 0, None, "USD"), ("sell", 0, [], False)],
    [("sell", 0, [], False), ("worth", 0, None, "USD")],
])  # fmt: skip
def test_lines_that_come_back_cost_what_they_do_in_the_currency_that_came_back(acts, first):
    world = World()
    before = tables()
    done = [world.do(*act) for act in acts]

    for each in (done[first], done[1 - first]):
        assert each
        undoing.undo_changes(each, by=world.by)
        assert_what_belongs_together_is_together(world)

    assert tables() == before


def test_what_was_changed_and_then_deleted_goes_again_when_both_are_done_again():
    world = World()
    said = [{"product": "Tinto", "quantity": 2}]
    done = [world.do("offer", said, "EUR", ""), world.do("offer", [], "EUR", "")]
    after = tables()
    undone = [undoing.undo_changes(each, by=world.by) for each in reversed(done) if each]

    for undo in reversed(undone):
        undoing.undo_changes(undo, by=world.by)

    assert tables() == after


@SLOWLY
@given(st.lists(ACTS, min_size=1, max_size=5))
def test_an_undo_that_is_undone_brings_back_what_was_done(world, acts):
    def story(world: World) -> None:
        done = [each for act in acts if (each := world.do(*act))]
        after = tables()
        undone = [undoing.undo_changes(each, by=world.by) for each in reversed(done)]
        for undo in reversed(undone):
            undoing.undo_changes(undo, by=world.by)
        assert tables() == after

    in_a_world(world, story)
