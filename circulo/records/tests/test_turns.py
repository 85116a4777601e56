import threading
import time

import pytest

from circulo.records.turns import Claims, Order, Stopped, in_turn


def test_pieces_are_kept_in_their_order_however_long_each_takes():
    kept = []

    def work(piece, turn):
        time.sleep(0.02 if piece % 3 == 0 else 0)
        turn.come()
        kept.append(piece)
        return True

    assert list(in_turn(iter(range(12)), work, threads=3)) == list(range(12))
    assert kept == list(range(12))


def test_several_pieces_are_under_way_at_once():
    meeting = threading.Barrier(3, timeout=5)

    def work(piece, turn):
        meeting.wait()
        turn.come()
        return True

    assert list(in_turn(iter(range(6)), work, threads=3)) == list(range(6))


def test_one_plans_only_after_those_before_it():
    planned = []

    def work(piece, turn):
        time.sleep(0.01 * (3 - piece % 3))
        with turn.planning():
            planned.append(piece)
        turn.come()
        return True

    list(in_turn(iter(range(9)), work, threads=3))
    assert planned == list(range(9))


@pytest.mark.parametrize("threads", [1, 3])
def test_what_follows_a_piece_that_was_not_kept_comes_to_nothing(threads):
    kept = []

    def work(piece, turn):
        turn.come()
        if piece == 4:
            return False
        kept.append(piece)
        return True

    assert list(in_turn(iter(range(9)), work, threads=threads)) == [0, 1, 2, 3]
    assert kept == [0, 1, 2, 3]


@pytest.mark.parametrize("threads", [1, 3])
def test_a_failure_is_raised_where_the_pieces_are_taken(threads):
    def work(piece, turn):
        turn.come()
        if piece == 2:
            raise ValueError("two")
        return True

    taken = []
    with pytest.raises(ValueError, match="two"):
        for piece in in_turn(iter(range(9)), work, threads=threads):
            taken.append(piece)
    assert taken == [0, 1]


def test_whoever_takes_no_more_leaves_nothing_half_done():
    begun, kept = [], []

    def work(piece, turn):
        begun.append(piece)
        turn.come()
        kept.append(piece)
        return True

    pieces = in_turn(iter(range(100)), work, threads=3)
    next(pieces)
    pieces.close()
    assert kept == begun == list(range(len(kept)))
    assert len(kept) < 10


def test_a_claim_holds_until_its_turn_ends():
    order, claims = Order(), Claims()
    first, second = order.next(), order.next()

    assert claims.stake(first, {"ana", "luis"})
    assert not claims.stake(second, {"luis", "eva"})

    order.has_ended(first.number)
    assert claims.stake(second, {"luis", "eva"})


def test_waiting_for_what_came_to_nothing_ends():
    order = Order()
    order.next()
    second = order.next()
    order.stop()
    with pytest.raises(Stopped):
        second.come()
