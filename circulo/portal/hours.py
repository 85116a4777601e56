"""Hours as the public pages list them and as their addresses name them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.dateparse import parse_datetime

YEARS = (1900, 2200)
Day = tuple[date, list[tuple[datetime, str]]]


def by_day(slots: Sequence[datetime]) -> list[Day]:
    """The hours by day; each with itself as an address holds it."""
    local = [(timezone.localtime(slot), slot) for slot in slots]
    return [
        (day, [(slot, slot.isoformat()) for _local, slot in of_day])
        for day, of_day in groupby(local, key=lambda pair: pair[0].date())
    ]


def moment_of(text: str) -> datetime | None:
    """The moment that an address or a form names."""
    try:
        found = parse_datetime(text.replace(" ", "+")[:40])
    except ValueError:
        return None
    is_moment = found and timezone.is_aware(found) and YEARS[0] < found.year < YEARS[1]
    return found if is_moment else None
