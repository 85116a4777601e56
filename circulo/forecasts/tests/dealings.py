"""A firm that deals, for tests of what any order of acts and undos comes to."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.records.actions import undoing
from circulo.records.models import ChangeSet
from circulo.sales import actions, drafts
from circulo.sales.models import Deal, DealStay
from circulo.testing.make import make_company, make_deal, make_pipeline, make_reason, make_user

WHICH = st.integers(0, 3)
PLACE = st.one_of(st.none(), WHICH)
ACTS = st.one_of(
    st.tuples(st.just("move"), WHICH, st.integers(0, 2), PLACE, PLACE),
    st.tuples(st.just("win"), WHICH),
    st.tuples(st.just("lose"), WHICH),
    st.tuples(st.just("reopen"), WHICH),
    st.tuples(st.just("price"), WHICH, st.decimals(0, 999, places=2)),
    st.tuples(st.just("many"), st.lists(WHICH, unique=True), st.integers(0, 2)),
    st.tuples(st.just("bin"), WHICH),
    st.tuples(st.just("restore"), WHICH),
    st.tuples(st.just("add")),
    st.tuples(st.just("undo"), st.integers(0, 20)),
)
SLOWLY = settings(max_examples=40, suppress_health_check=list(HealthCheck))


class World:
    """A few deals, acted upon; every act is a change set, and an undo is one too."""

    def __init__(self) -> None:
        self.by = make_user("admin")
        self.party = make_company(owner=self.by)
        self.pipeline = make_pipeline()
        self.stages = list(self.pipeline.stages.in_order())
        self.reason = make_reason()
        self.done: list[ChangeSet] = []
        for _n in range(3):
            self._add()

    def do(self, act: str, *said: Any) -> None:
        """Do one act, where it may be done; what it changed can be undone."""
        if act == "undo":
            if self.done:
                change_set = self.done.pop(said[0] % len(self.done))
                self.done.append(undoing.undo_changes(change_set, by=self.by))
            return
        with acting(self.by.pk, "screen") as at_work:
            try:
                with transaction.atomic():
                    getattr(self, f"_{act}")(*said)
            except (Invalid, RuleBroken):
                return
        self.done += ChangeSet.objects.filter(pk=at_work.latest or 0)

    def deal(self, which: int) -> Deal:
        rows = list(Deal.objects.order_by("pk"))
        return rows[which % len(rows)]

    def key(self, which: int | None) -> int | None:
        return None if which is None else self.deal(which).pk

    def _add(self) -> None:
        make_deal(owner=self.by, party=self.party, pipeline=self.pipeline, amount="10.10")

    def _move(self, which: int, to: int, before: int | None, after: int | None) -> None:
        actions.move_deal(
            self.deal(which), to=self.stages[to], before=self.key(before), after=self.key(after),
            by=self.by,
        )  # fmt: skip

    def _win(self, which: int) -> None:
        actions.win_deal(self.deal(which), by=self.by)

    def _lose(self, which: int) -> None:
        actions.lose_deal(self.deal(which), by=self.by, reason=self.reason)

    def _reopen(self, which: int) -> None:
        actions.reopen_deal(self.deal(which), by=self.by)

    def _price(self, which: int, amount: Decimal) -> None:
        deal = self.deal(which)
        draft = drafts.read({"amount": str(amount)}, by=self.by, deal=deal)
        actions.change_deal(deal, draft, by=self.by)

    def _many(self, which: list[int], to: int) -> None:
        keys = sorted({self.deal(n).pk for n in which})
        actions.edit_deals(keys, {"stage_id": self.stages[to].pk}, by=self.by)

    def _bin(self, which: int) -> None:
        actions.bin_deals([self.deal(which).pk], by=self.by)

    def _restore(self, which: int) -> None:
        actions.restore_deals([self.deal(which).pk], by=self.by)


def as_it_stands() -> list[Any]:
    names = ("pk", "stage", "rank", "outcome", "closed_at", "amount", "binned_at", "stage_since")
    stays = ("deal", "stage", "outcome", "entered_at", "left_at")
    deals = list(Deal.objects.order_by("pk").values_list(*names))
    return [*deals, *DealStay.objects.order_by("pk").values_list(*stays)]


def in_a_world(world: World, test: Any) -> None:
    """Run a part of a test in a world that is as it was afterwards."""
    with transaction.atomic():
        test(deepcopy(world))
        transaction.set_rollback(True)
