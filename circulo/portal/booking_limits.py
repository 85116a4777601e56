"""How much may be booked from outside: a public form is no way to write to others."""

from __future__ import annotations

from datetime import timedelta

from circulo.accounts.actions import within
from circulo.accounts.actions.attempts import key
from circulo.lib import origin

MOST_AN_HOUR, HOUR = 20, timedelta(hours=1)
MOST_MAILS, DAY = 10, timedelta(days=1)


def may_book() -> bool:
    """Whether the network that asks may take or move one more hour; this one is counted."""
    network = origin.network_of(origin.address())
    return within(key("booking", network), limit=MOST_AN_HOUR, window=HOUR)


def may_be_mailed(address: str) -> bool:
    """Whether an address that somebody typed may be written to once more; this is counted."""
    return within(key("booking mail", address), limit=MOST_MAILS, window=DAY)
