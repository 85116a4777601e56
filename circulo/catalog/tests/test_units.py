"""Units behind a number, in the plural where it asks for that."""

from decimal import Decimal

import pytest

from circulo.catalog.units import unit_of


@pytest.mark.parametrize(
    ("unit", "several"),
    [
        ("lote", "lotes"), ("unidad", "unidades"), ("bidón", "bidones"), ("mes", "meses"),
        ("día", "días"), ("palé", "palés"), ("sesión", "sesiones"), ("box", "boxes"),
        ("hour", "hours"), ("kg", "kg"), ("CAJA", "CAJA"), ("m²", "m²"), ("", ""),
        ("arroba especial", "arroba especial"),
    ],
)  # fmt: skip
def test_known_units_take_their_plural_and_own_ones_stay_as_written(unit, several):
    assert unit_of(Decimal(1), unit) == unit_of(Decimal("1.000"), unit) == unit
    for quantity in ("244", "0.5", "0"):
        assert unit_of(Decimal(quantity), unit) == several
