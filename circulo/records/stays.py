"""The way of a record through its statuses: one stay after the other, without a gap.

A stay begins when a record comes to a status and ends when the next one begins; the last one goes
on, and says what the record itself says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Stays:
    """The stays of one kind of record.

    `table` keeps them for the records in `records`, each named by its column `key`. `says` are the
    columns that tell where a record is, of the same names in both tables.
    """

    table: str
    records: str
    key: str
    says: tuple[str, ...]

    def walk_on(self, keys: Sequence[int], at: datetime | Sequence[datetime]) -> None:
        """End the stays of these records, and begin those where they are now: all at one moment,
        or each at its own.

        No stay begins before another that was there: clocks need not agree.
        """
        moments = [at] * len(keys) if isinstance(at, datetime) else list(at)
        columns, of_record = ", ".join(self.says), ", ".join(f"d.{name}" for name in self.says)
        went = "unnest(%s::bigint[], %s::timestamptz[]) AS w (id, at)"
        _run(
            f"""UPDATE {self.table} s SET left_at = GREATEST(s.entered_at, w.at)
                FROM {went} WHERE s.{self.key} = w.id AND s.left_at IS NULL""",
            [list(keys), moments],
        )
        _run(
            f"""INSERT INTO {self.table} ({self.key}, {columns}, entered_at)
                SELECT d.id, {of_record}, GREATEST(w.at, (
                    SELECT max(s.entered_at) FROM {self.table} s WHERE s.{self.key} = d.id))
                FROM {self.records} d JOIN {went} ON w.id = d.id ORDER BY d.id""",
            [list(keys), moments],
        )

    def mend(self, keys: Sequence[int]) -> None:
        """Have stays end where the next begin, and the last say what the record says.

        After an undo the ends follow from the beginnings that are left.
        """
        _run(
            f"""UPDATE {self.table} s SET left_at = d.next FROM (
                    SELECT id, lead(entered_at) OVER (
                        PARTITION BY {self.key} ORDER BY entered_at, id) AS next
                    FROM {self.table} WHERE {self.key} = ANY(%s)) d
                WHERE s.id = d.id AND s.left_at IS DISTINCT FROM d.next""",
            [list(keys)],
        )
        astray = _run(
            f"""SELECT p.id FROM {self.records} p WHERE p.id = ANY(%s) AND NOT EXISTS (
                    SELECT FROM {self.table} s
                    WHERE s.{self.key} = p.id AND s.left_at IS NULL AND {self._agrees})
                ORDER BY p.id""",
            [list(keys)],
        )
        if astray:
            self.walk_on([key for (key,) in astray], timezone.now())

    def astray(self) -> list[int]:
        """The keys of records whose stays leave a gap or overlap, or do not end where they are."""
        found = _run(
            f"""SELECT p.id FROM {self.records} p LEFT JOIN LATERAL (
                    SELECT bool_and(s.left_at IS NOT DISTINCT FROM s.next) AS is_whole,
                           bool_or(s.next IS NULL AND {self._agrees}) AS ends_there
                    FROM (SELECT {", ".join(self.says)}, left_at,
                                 lead(entered_at) OVER (ORDER BY entered_at, id) AS next
                          FROM {self.table} WHERE {self.key} = p.id) s) w ON true
                WHERE w.is_whole IS NOT TRUE OR w.ends_there IS NOT TRUE ORDER BY p.id""",
            [],
        )
        return [key for (key,) in found]

    @property
    def _agrees(self) -> str:
        return " AND ".join(f"s.{name} = p.{name}" for name in self.says)


def _run(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []
