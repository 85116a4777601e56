"""Money: rounded as people round, read and told as other programs write it."""

from decimal import Decimal

import pytest

from circulo.lib import money
from circulo.lib.errors import Invalid

D = Decimal


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("-1.005", "EUR", "-1.01"),
        ("0.5", "JPY", "1"),
        ("1.0005", "KWD", "1.001"),
        ("12345678901234567890.125", "EUR", "12345678901234567890.13"),
    ],
)
def test_halves_are_rounded_away_from_zero_to_the_smallest_unit(amount, currency, rounded):
    assert money.rounded(D(amount), currency) == D(rounded)


def test_what_is_shared_out_adds_up_whatever_the_weights():
    assert money.shared(D(10), [D(1), D(1), D(1)], "EUR") == [D("3.34"), D("3.33"), D("3.33")]
    assert money.shared(D(-1), [D(1), D(2)], "EUR") == [D("-0.33"), D("-0.67")]
    assert money.shared(D(5), [D(0), D(0)], "JPY") == [3, 2]
    assert money.shared(D(5), [], "JPY") == []


def test_money_is_read_as_it_is_told():
    assert money.told(D("12.5"), "EUR") == {"amount": "12.50", "currency": "EUR"}
    assert money.told(D("0.0125"), "EUR")["amount"] == "0.0125"
    assert money.told(D(7), "JPY")["amount"] == "7"
    assert money.read(money.told(D("12.5"), "USD"), "EUR") == (D("12.5"), "USD")
    assert money.read("3", "EUR") == (D(3), "EUR")


@pytest.mark.parametrize(
    "said",
    [True, "x", "NaN", "1.00001", {"amount": 1, "sum": 2}, {"currency": "EUR"},
     {"amount": 1, "currency": "zzq"}, {"amount": 1, "currency": 5}, [1]],
)  # fmt: skip
def test_what_is_no_money_is_refused(said):
    with pytest.raises(Invalid):
        money.read(said, "EUR")


def test_no_currency_has_more_decimals_than_amounts_are_kept_with():
    assert max(map(money.decimals_of, money.currencies())) == money.MOST_DECIMALS
    assert {money.decimals_of(name) for name in ("EUR", "JPY", "KWD", "CLF")} == {2, 0, 3, 4}


@pytest.mark.parametrize("code", ["X" * 3, "xts", "EURO", ""])
def test_what_is_no_currency_is_refused(code):
    with pytest.raises(Invalid):
        money.currency_of(code)
