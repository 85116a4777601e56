"""What a slip of a finger makes of an address, a number or a tax id: looked up as they are, by the
same index as the right ones, so that a near miss costs little more than a hit."""

from __future__ import annotations

from collections.abc import Iterator

DIGITS = "0123456789"
IN_ADDRESS = "abcdefghijklmnopqrstuvwxyz0123456789._-"
NATIONAL, LONGEST_LOCAL = 9, 16


def near_point(value: str) -> list[str]:
    """Stored addresses or numbers that are one slip away from this one."""
    return near_email(value) if "@" in value else near_phone(value)


def near_phone(e164: str) -> list[str]:
    """Numbers with one wrong digit, or two exchanged."""
    head, tail = e164[:-NATIONAL], e164[-NATIONAL:]
    if len(tail) < NATIONAL:
        return []
    return sorted({head + other for other in (*_exchanged(tail), *_replaced(tail, DIGITS))})


def near_email(address: str) -> list[str]:
    """Addresses with one letter more, less, wrong, or two exchanged before the sign."""
    local, _sign, domain = address.rpartition("@")
    others = {*_exchanged(local), *_shortened(local)}
    if len(local) <= LONGEST_LOCAL:
        others |= {*_replaced(local, IN_ADDRESS), *_lengthened(local, IN_ADDRESS)}
    return sorted(f"{other}@{domain}" for other in others - {local, ""})


def near_tax_id(value: str) -> list[str]:
    """Tax ids with one wrong digit, or two signs exchanged."""
    return sorted({*_exchanged(value), *_replaced(value, DIGITS)} - {value})


def _exchanged(text: str) -> Iterator[str]:
    for at in range(len(text) - 1):
        if text[at] != text[at + 1]:
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _replaced(text: str, signs: str) -> Iterator[str]:
    for at, sign in enumerate(text):
        if sign in signs:
            yield from (text[:at] + other + text[at + 1 :] for other in signs if other != sign)


def _shortened(text: str) -> Iterator[str]:
    yield from (text[:at] + text[at + 1 :] for at in range(len(text)))


def _lengthened(text: str, signs: str) -> Iterator[str]:
    for at in range(len(text) + 1):
        yield from (text[:at] + sign + text[at:] for sign in signs)
