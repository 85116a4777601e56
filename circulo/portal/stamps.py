"""The stamp that a public form carries: when its page was drawn, and a number of its own.

It is signed, so that nobody makes one up. It tells people from machines without a puzzle: people
take a few seconds to write, and do not leave a page open for days.
"""

from __future__ import annotations

import secrets
import time
from enum import Enum

from django.core import signing

QUICKEST, OLDEST = 3, 24 * 60 * 60


class Verdict(Enum):
    """What a stamp says of whoever sends it."""

    GOOD = "good"
    NONE = "none"
    TOO_QUICK = "too quick"
    TOO_OLD = "too old"


def stamp(about: str) -> str:
    """A new stamp for the page of something."""
    said = {"n": secrets.token_urlsafe(18), "t": int(time.time())}
    return signing.dumps(said, salt=_salt(about))


def judge(text: str, about: str) -> tuple[Verdict, str]:
    """What a stamp says, and its number."""
    try:
        said = signing.loads(text[:500], salt=_salt(about))
    except signing.BadSignature:
        return Verdict.NONE, ""
    age = time.time() - said["t"]
    if age < QUICKEST:
        return Verdict.TOO_QUICK, said["n"]
    return (Verdict.TOO_OLD if age > OLDEST else Verdict.GOOD), said["n"]


def _salt(about: str) -> str:
    return f"circulo.portal.form:{about}"
