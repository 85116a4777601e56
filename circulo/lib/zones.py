"""The time zones of the world: their names, and the zone that has one."""

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


@cache
def known_zones() -> frozenset[str]:
    """The name of every time zone. The library walks through all their files to tell."""
    return frozenset(available_timezones())


@lru_cache(maxsize=700)
def zone_of(name: str) -> ZoneInfo:
    """A time zone; that of the world's clock where nobody knows the name any more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
