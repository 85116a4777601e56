"""Keys of an order made by hand."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import ranks


def test_what_arrives_comes_one_after_the_other():
    assert ranks.arrival(7) < ranks.arrival(8) < ranks.arrival(100)


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=120))
def test_whatever_is_put_between_two_others_lies_between_them(moves):
    order = [ranks.arrival(ranks.MIDDLE + n) for n in range(4)]
    for place, arrives in moves:
        if arrives:
            order.append(ranks.arrival(max(int(key[: ranks.WIDTH]) for key in order) + 1))
            continue
        at = place % (len(order) + 1)
        before = order[at - 1] if at else ""
        after = order[at] if at < len(order) else ""
        order.insert(at, ranks.between(before, after))
        assert order == sorted(order)
        assert len(set(order)) == len(order)


def test_a_place_by_hand_is_never_one_of_those_that_arrive():
    ends = ["", ranks.arrival(3)], ["", ranks.arrival(9)]
    keys = [ranks.between(before, after) for before in ends[0] for after in ends[1]]
    assert all(len(key) > ranks.WIDTH for key in keys)


def test_a_key_grows_slowly_however_often_one_gap_is_halved():
    low, high = ranks.arrival(1), ranks.arrival(2)
    for _time in range(600):
        middle = ranks.between(low, high)
        low, high = (low, middle) if random.random() < 0.5 else (middle, high)
    assert len(middle) < 150


def test_there_is_no_place_between_what_stands_in_one():
    with pytest.raises(ValueError, match="no place"):
        ranks.between(ranks.arrival(5), ranks.arrival(5))
