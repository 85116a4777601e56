"""Opaque identifiers: what pages, links and the API show in place of the keys of the database.

A key is multiplied by an odd number modulo 2**50, which is a bijection, and written in ten letters
of Crockford's base 32. They hide how many records there are and their order; they are not a secret
and never grant access, which `visible_to` alone does.
"""

import zlib
from functools import lru_cache
from typing import Any

_BITS = 50
_MODULUS = 1 << _BITS
_FACTOR = 0x2C9277B5A9F45 | 1
_INVERSE = pow(_FACTOR, -1, _MODULUS)
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS]
_SALTS: dict[str, int] = {}


def _salt(kind: str) -> int:
    salt = _SALTS.get(kind)
    if salt is None:
        salt = _SALTS[kind] = zlib.crc32(kind.encode()) * 0x3FFFF % _MODULUS
    return salt


@lru_cache(maxsize=4096)
def encode(kind: str, key: int) -> str:
    """The identifier of the record of `kind` with this key, such as `party`, 7.

    Those that stand in every row of a list (owners, stages) are kept at hand.
    """
    mixed = (key * _FACTOR + _salt(kind)) % _MODULUS
    return (
        _PAIRS[mixed >> 40]
        + _PAIRS[mixed >> 30 & 1023]
        + _PAIRS[mixed >> 20 & 1023]
        + _PAIRS[mixed >> 10 & 1023]
        + _PAIRS[mixed & 1023]
    )


def key_of(kind: str, said: Any) -> int:
    """The key behind whatever was said to be an identifier; 0, that of no record, where it is none
    of this kind."""
    return (decode(kind, said) if isinstance(said, str) else None) or 0


def decode(kind: str, identifier: str) -> int | None:
    """The key behind an identifier, or None where it is not one of this kind."""
    if len(identifier) != 10:
        return None
    mixed = 0
    for letter in identifier:
        value = _VALUES.get(letter)
        if value is None:
            return None
        mixed = mixed << 5 | value
    key = (mixed - _salt(kind)) * _INVERSE % _MODULUS
    return key if key else None
