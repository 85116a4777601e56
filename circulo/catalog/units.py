"""Units beside a number: “1 lote”, “244 lotes”.

The plural of the units that people usually write is known, in Spanish and in English. A unit of
one's own stays as it was written.
"""

from __future__ import annotations

from decimal import Decimal

_SPANISH = frozenset((
    "unidad", "caja", "lote", "botella", "bolsa", "saco", "lata", "tarro", "bote", "bidón",
    "garrafa", "barril", "paquete", "palé", "pieza", "par", "docena", "cesta", "rollo", "hoja",
    "metro", "litro", "kilo", "gramo", "tonelada", "hora", "día", "semana", "mes", "año",
    "sesión", "jornada", "licencia", "usuario", "persona", "plaza", "noche", "viaje", "servicio",
    "visita",
))  # fmt: skip
_ENGLISH = frozenset((
    "unit", "box", "case", "lot", "bottle", "bag", "sack", "can", "jar", "barrel", "pack",
    "package", "pallet", "piece", "pair", "basket", "hamper", "roll", "sheet", "metre", "meter",
    "litre", "liter", "gram", "tonne", "hour", "day", "week", "month", "year", "session",
    "licence", "license", "user", "seat", "night", "trip", "service", "visit",
))  # fmt: skip
_ACCENTS = str.maketrans("áéíóú", "aeiou")


def unit_of(quantity: Decimal, unit: str) -> str:
    """A unit as it stands behind a number."""
    if quantity == 1 or not unit.islower():
        return unit
    if unit in _SPANISH:
        return _plural_in_spanish(unit)
    if unit in _ENGLISH:
        return f"{unit}es" if unit.endswith("x") else f"{unit}s"
    return unit


def _plural_in_spanish(word: str) -> str:
    """By the rules: vowels take -s, consonants -es, before which a last stress is not written."""
    if word[-1] in "aeiouáé":
        return f"{word}s"
    if word[-1] in "ns" and word[-2] in "áéíóú":
        return f"{word[:-2]}{word[-2:].translate(_ACCENTS)}es"
    return f"{word}es"
