"""Work done by several threads whose effects count in one order.

Each piece has a turn. It may plan only after every earlier one has planned, so that it can see what
those are about to write; and it may commit only after every earlier one has committed, so that what
is there is always the beginning of the work and never a part of its middle.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import connections
from django.utils import translation

T = TypeVar("T")


class Stopped(Exception):
    """An earlier piece came to nothing, and so does this one."""


class Turn:
    """The place of one piece in the order."""

    def __init__(self, order: Order, number: int) -> None:
        self.order, self.number = order, number

    @contextmanager
    def planning(self) -> Iterator[None]:
        """Plan alone, after all earlier pieces have."""
        self.order.wait(lambda: self.order.planned >= self.number)
        yield
        self.order.has_planned(self.number)

    def come(self) -> None:
        """Wait until all earlier pieces have ended; Stopped where one of them came to nothing."""
        self.order.wait(lambda: self.order.ended >= self.number)


class Order:
    """How far the pieces have come."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.planned = self.ended = self.begun = 0
        self.is_stopped = False

    def next(self) -> Turn:
        """The turn after all those given so far."""
        turn = Turn(self, self.begun)
        self.begun += 1
        return turn

    def wait(self, until: Callable[[], bool]) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.is_stopped or until())
            if not until():
                raise Stopped

    def has_planned(self, number: int) -> None:
        with self.changed:
            self.planned = max(self.planned, number + 1)
            self.changed.notify_all()

    def has_ended(self, number: int) -> None:
        """A piece was kept: those after it may be."""
        with self.changed:
            self.planned = max(self.planned, number + 1)
            self.ended = number + 1
            self.changed.notify_all()

    def stop(self) -> None:
        """Nothing that has not ended will."""
        with self.changed:
            self.is_stopped = True
            self.changed.notify_all()


class Claims:
    """What the pieces under way are about, so that a later one knows when to wait for them."""

    def __init__(self) -> None:
        self.marks: dict[int, set[Hashable]] = {}

    def stake(self, turn: Turn, marks: set[Any]) -> bool:
        """Claim these for a turn that plans; False where an earlier one under way has any of them.

        A claim ends with its turn.
        """
        ended = turn.order.ended
        for number in [number for number in self.marks if number < ended]:
            del self.marks[number]
        earlier = [self.marks[number] for number in list(self.marks) if number < turn.number]
        self.marks.setdefault(turn.number, set()).update(marks)
        return all(marks.isdisjoint(claimed) for claimed in earlier)


def alone() -> Turn:
    """A turn with nothing before it."""
    return Order().next()


def in_turn(
    pieces: Iterator[T], work: Callable[[T, Turn], bool], *, threads: int
) -> Generator[T, None, None]:
    """Do `work` on each piece, several at once, and give back each that was kept, in order.

    `work` says whether its piece was kept; where one was not, or failed, the later ones come to
    nothing and no more are taken. What is under way when the caller takes no more is finished. Each
    thread has a connection of its own; with one thread everything happens in the caller's.
    """
    if threads == 1:
        order = Order()
        for piece in pieces:
            turn = order.next()
            if not work(piece, turn):
                return
            order.has_ended(turn.number)
            yield piece
        return
    crew = _Crew(work, threads)
    try:
        yield from crew.all(pieces)
    finally:
        crew.finish()


class _Crew(Generic[T]):
    """The threads, and what they have in hand."""

    def __init__(self, work: Callable[[T, Turn], bool], threads: int) -> None:
        self.work, self.order = work, Order()
        self.failure: BaseException | None = None
        self.given: queue.Queue[tuple[T, Turn] | None] = queue.Queue(1)
        language = translation.get_language()
        self.threads = [
            threading.Thread(target=self.run, args=(language,), daemon=True, name=f"writer-{n}")
            for n in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def run(self, language: str) -> None:
        try:
            with translation.override(language):
                while item := self.given.get():
                    self.do(*item)
        finally:
            connections.close_all()

    def do(self, piece: T, turn: Turn) -> None:
        try:
            if self.work(piece, turn):
                self.order.has_ended(turn.number)
                return
        except Stopped:
            pass
        except BaseException as error:  # raised again where the pieces are taken
            self.failure = self.failure or error
        self.order.stop()

    def all(self, pieces: Iterator[T]) -> Iterator[T]:
        waiting: list[tuple[T, Turn]] = []
        for piece in pieces:
            turn = self.order.next()
            self.given.put((piece, turn))
            waiting.append((piece, turn))
            while len(waiting) > len(self.threads):
                yield from self.kept(waiting)
            if self.order.is_stopped:
                break
        while waiting:
            yield from self.kept(waiting)
        if self.failure:
            raise self.failure

    def kept(self, waiting: list[tuple[T, Turn]]) -> Iterator[T]:
        """The oldest piece in hand, once it has ended."""
        piece, turn = waiting.pop(0)
        try:
            self.order.wait(lambda: self.order.ended > turn.number)
        except Stopped:
            return
        yield piece

    def finish(self) -> None:
        for _thread in self.threads:
            self.given.put(None)
        for thread in self.threads:
            thread.join()
