"""What this thread has heard of the house's definitions: which version of them is in force.

Definitions (own fields) are read rarely and used by every list, so each process keeps them. The
statement that begins every page and every call brings the version along; elsewhere, in jobs and
commands, it is asked for where it was not heard of for a moment. Each thread hears for itself: what
one of them has defined and not yet committed is in force for that one alone.
"""

from __future__ import annotations

import secrets
import threading
from time import monotonic

from circulo.accounts.models import Firm

KEPT_FOR = 2.0
NEVER = (float("-inf"), "")


class _Heard(threading.local):
    """When a version was told last, and which."""

    last = NEVER


_heard = _Heard()


def hear(version: str | None) -> None:
    """A statement told the version in force."""
    _heard.last = (monotonic(), version or "")


def version() -> str:
    """The version in force."""
    at, known = _heard.last
    if monotonic() - at < KEPT_FOR:
        return known
    hear(Firm.objects.filter(pk=1).values_list("definitions", flat=True).first())
    return _heard.last[1]


def forget() -> None:
    """Ask anew the next time."""
    _heard.last = NEVER


def renew() -> None:
    """Definitions changed: from now on, in this transaction and for all once it ends, a new one."""
    Firm.objects.get_or_create(pk=1)
    Firm.objects.filter(pk=1).update(definitions=secrets.token_hex(12))
    forget()
