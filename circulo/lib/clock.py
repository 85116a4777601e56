"""Times of day, without a day and without a zone: when a shop opens, when to call."""

from __future__ import annotations

import re
from datetime import time

_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:([aApP])\.?\s*[mM]\.?)?")


def time_of(text: str) -> time | None:
    """The time of day that a text is, to the minute: `9:30`, `09:30:00`, `9.30`, `9:30 pm`."""
    found = _CLOCK.fullmatch(text.strip()[:30])
    if found is None:
        return None
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return time(hour, int(found[2])) if hour < 24 and int(found[2]) < 60 else None
