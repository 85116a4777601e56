"""Batches of records: read ahead by a thread, written by whoever asks for them."""

from __future__ import annotations

import gc
import queue
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import DatabaseError, OperationalError, connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.readers.values import Refused
from circulo.records.load_types import Importer, Outcome, RefusedRow
from circulo.records.turns import Turn

Labels = Mapping[str, object]
BATCH = 2_500
_AHEAD = 2
_SELDOM = (200_000, 20, 100)
_SWITCH = 0.0005
_HEAVIEST = 16 << 20


@dataclass
class Batch:
    """Some records in a row: as they came, as they were read, and why some are refused.

    `before` counts the records of the file that come before them.
    """

    records: Sequence[tuple[int, Any]]
    rows: list[tuple[int, Any]] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    before: int = 0
    labels: Labels = field(default_factory=dict)

    @classmethod
    def read(
        cls, records: Sequence[tuple[int, Any]], importer: Importer, labels: Labels | None = None
    ) -> Batch:
        """Read the records one by one; one that cannot be read stops none of the others."""
        batch = cls(records, labels=labels or {})
        for number, record in records:
            try:
                batch.rows.append((number, importer.read(record)))
            except (RefusedRow, Refused, Invalid, RuleBroken) as refused:
                batch.refused[number] = reason_of(refused, batch.labels)
        return batch

    def apply(self, importer: Importer, turn: Turn) -> dict[int, Outcome]:
        """Write the rows; those that the importer or the database refuses join the refused."""
        outcomes: dict[int, Outcome] = {}
        for number, outcome in self._applied(self.rows, importer, turn).items():
            if isinstance(outcome, Outcome):
                outcomes[number] = outcome
            else:
                self.refused[number] = outcome
        return outcomes

    def _applied(
        self, rows: list[tuple[int, Any]], importer: Importer, turn: Turn
    ) -> dict[int, Outcome | str]:
        """All rows at once; where they are refused, by halves down to the one at fault."""
        if not rows:
            return {}
        try:
            with transaction.atomic():
                return importer.apply(rows, turn)
        except OperationalError:
            raise
        except (DatabaseError, Invalid, RuleBroken) as error:
            importer.settle(turn, kept=False)
            if len(rows) == 1:
                return {rows[0][0]: self._why(error)}
            half = len(rows) // 2
            first = self._applied(rows[:half], importer, turn)
            return first | self._applied(rows[half:], importer, turn)

    def _why(self, error: Exception) -> str:
        if isinstance(error, DatabaseError):
            return _("The database refuses this row: %s") % str(error).splitlines()[0][:300]
        return reason_of(error, self.labels)


def reason_of(refused: Exception, labels: Labels) -> str:
    """Why something was refused, in one line, with the fields as people call them."""
    if isinstance(refused, RefusedRow):
        return refused.reason
    if isinstance(refused, Invalid):
        return refused.in_words(labels)
    return str(refused.message) if isinstance(refused, RuleBroken) else str(refused)


@contextmanager
def batches(
    records: Iterable[tuple[int, Any]],
    importer: Importer,
    labels: Labels | None = None,
    before: int = 0,
) -> Iterator[Iterator[Batch]]:
    """The records in batches, the next ones being read while the last is written.

    `before` counts the records of the file that were left out.
    """
    reader = _Reader(iter(records), importer, labels, before)
    with _at_full_speed():
        reader.start()
        try:
            yield reader.batches()
        finally:
            reader.stop()


@contextmanager
def _at_full_speed() -> Iterator[None]:
    """Cycles are seldom looked for among rows that come and go by thousands, and a writer whom the
    database has answered does not wait for long until the reader lets go of the interpreter.
    """
    collecting, switching = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(*_SELDOM)
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        gc.set_threshold(*collecting)
        sys.setswitchinterval(switching)


def _some(records: Iterator[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The next records: so many, or fewer where they are as heavy as mails can be."""
    found: list[tuple[int, Any]] = []
    weight = 0
    for numbered in islice(records, BATCH):
        found.append(numbered)
        weight += len(numbered[1]) if isinstance(numbered[1], bytes) else 0
        if weight > _HEAVIEST:
            break
    return found


class _Reader(threading.Thread):
    """Reads ahead; what goes wrong here is raised where the batches are taken."""

    def __init__(
        self,
        records: Iterator[tuple[int, Any]],
        importer: Importer,
        labels: Labels | None,
        before: int,
    ) -> None:
        super().__init__(daemon=True, name="load-reader")
        self.records = records
        self.importer = importer
        self.labels = labels
        self.before = before
        self.language = translation.get_language()
        self.ready: queue.Queue[Batch | BaseException | None] = queue.Queue(_AHEAD)
        self.is_wanted = True

    def run(self) -> None:
        try:
            with translation.override(self.language):
                while self.is_wanted and (records := _some(self.records)):
                    batch = Batch.read(records, self.importer, self.labels)
                    batch.before, self.before = self.before, self.before + len(records)
                    self._put(batch)
            self._put(None)
        except BaseException as error:  # handed over to the thread that waits
            self._put(error)
        finally:
            connections.close_all()

    def _put(self, item: Batch | BaseException | None) -> None:
        while self.is_wanted:
            try:
                self.ready.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def batches(self) -> Iterator[Batch]:
        while (item := self.ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def stop(self) -> None:
        """Let go of what was read ahead."""
        self.is_wanted = False
        self.join()
