"""Places in an order that people make by hand: a key for each, so that a move writes one row.

A key is a whole number of twelve digits, which tells the order of arrival, and after it, where
somebody put a thing between two others, digits of a fraction in base 62. Keys sort as their bytes
do (collation C). What arrives, or goes to the end, takes the next whole number of a sequence that
begins in the middle; what is put anywhere else always gets a fraction, so that the two never meet.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
WIDTH = 12
MIDDLE = 500_000_000_000
_HALF = DIGITS[len(DIGITS) // 2]


def arrival(number: int) -> str:
    """The key of what arrives as this number of the sequence."""
    return f"{number:0{WIDTH}d}"


def between(before: str, after: str) -> str:
    """A key after one and before another; an empty one stands for either end of the order."""
    if not before and not after:
        return arrival(MIDDLE) + _HALF
    if not before:
        return arrival(_whole(after) - 1) + _HALF
    if not after:
        return before[:WIDTH] + _midway(before[WIDTH:], "")
    if before >= after:
        raise ValueError(f"There is no place between {before} and {after}.")
    if _whole(after) - _whole(before) > 1:
        return arrival((_whole(before) + _whole(after)) // 2) + _HALF
    if _whole(after) > _whole(before):
        return before[:WIDTH] + _midway(before[WIDTH:], "")
    return before[:WIDTH] + _midway(before[WIDTH:], after[WIDTH:])


def _whole(key: str) -> int:
    return int(key[:WIDTH])


def _midway(low: str, high: str) -> str:
    """A fraction between two, of which an empty `high` is one; it never ends in a nought."""
    found = ""
    is_bounded = bool(high)
    while True:
        at = len(found)
        least = DIGITS.index(low[at]) if at < len(low) else 0
        most = DIGITS.index(high[at]) if is_bounded and at < len(high) else len(DIGITS)
        if most - least > 1:
            return found + DIGITS[(least + most) // 2]
        found += DIGITS[least]
        is_bounded = is_bounded and most == least
