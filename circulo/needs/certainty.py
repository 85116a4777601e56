"""How sure one may still be of what was once said, and how that reads.

An answer fades like memory: after one half-life it is half as certain. The same curve models
forgetting in Settles & Meeder, "A Trainable Spaced Repetition Model for Language Learning" (ACL
2016). What a question is worth (`circulo_question_value` in the database) follows Howard,
"Information Value Theory" (IEEE Transactions on Systems Science and Cybernetics, 1966): no more
than what one does not know yet, times what knowing it is worth.
"""

from datetime import datetime

HALF_LIFE = 365
FADED, OLD = 0.5, 0.25


def certainty(said_at: datetime, half_life_days: int, now: datetime) -> float:
    """1 for what was said now, a half after one half-life, towards 0."""
    days: float = max((now - said_at).total_seconds(), 0) / 86400
    return float(0.5 ** (days / half_life_days))


def fading(sure: float) -> str:
    """How what is this certain is drawn: as it is, faded, or old."""
    if sure >= FADED:
        return ""
    return "faded" if sure >= OLD else "old"
