import re
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib.readers import values
from circulo.lib.readers.values import Refused


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("1,234.50", ",", "1234.50"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,5", ".", "1.5"),
        ("1.5", ",", "1.5"),
        ("1 234 567,8", ",", "1234567.8"),
        ("1.234.567", ".", "1234567"),
        ("−5", ".", "-5"),
        ("12 %", ",", "12"),
        ("1e3", ".", "1000"),
        (" ", ".", None),
    ],
)
def test_numbers(text, decimal, expected):
    assert values.number(text, decimal) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("text", ["abc", "1.2.3", "1,2,3,4", "12-34", "0x10", "--5", "1" * 60, "٣"])
def test_what_is_no_number_is_refused_with_the_text(text):
    with pytest.raises(Refused, match=text[:10]):
        values.number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,50 €", ("1234.50", "EUR")),
        ("€1.234,50", ("1234.50", "EUR")),
        ("USD 12", ("12", "USD")),
        ("-12,5", ("-12.5", "")),
        ("(12,50)", ("-12.50", "")),
    ],
)
def test_money(text, expected):
    assert values.money(text, ",") == (Decimal(expected[0]), expected[1])


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3/2/2026", "DMY", date(2026, 2, 3)),
        ("3/2/2026", "MDY", date(2026, 3, 2)),
        ("2026-02-03", "MDY", date(2026, 2, 3)),
        ("20260203", "DMY", date(2026, 2, 3)),
        ("3-feb-26", "MDY", date(2026, 2, 3)),
        ("3 de febrero de 2026", "DMY", date(2026, 2, 3)),
        ("February 3, 2026", "DMY", date(2026, 2, 3)),
        ("03.02.71", "DMY", date(1971, 2, 3)),
        ("2026-02-03T10:00:00Z", "DMY", date(2026, 2, 3)),
        ("03/02/2026 10:00", "DMY", date(2026, 2, 3)),
        ("", "DMY", None),
    ],
)
def test_days(text, order, expected):
    assert values.day(text, order) == expected


@pytest.mark.parametrize(
    "text", ["31/02/2026", "soon", "2026", "0/0/0000", "1/1/123", "99/99/9999"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Refused):
        values.day(text)


def test_moments():
    assert values.moment("2026-02-03T10:00:00+02:00") == datetime(2026, 2, 3, 8, tzinfo=UTC)
    assert values.moment("03/02/2026 10:05", "DMY") == datetime(2026, 2, 3, 10, 5)
    assert values.moment("02/03/2026 1:05 PM", "MDY") == datetime(2026, 2, 3, 13, 5)
    assert values.moment("03/02/2026", "DMY") == datetime(2026, 2, 3)
    with pytest.raises(Refused):
        values.moment("03/02/2026 25:61")


def test_yes_no_and_lists():
    assert [values.boolean(text) for text in ("Sí", "x", "NO", "0", "")] == [
        True,
        True,
        False,
        False,
        None,
    ]
    with pytest.raises(Refused):
        values.boolean("perhaps")
    assert values.words("vip; Cuenca ;vip;;socio, amigo") == ["vip", "Cuenca", "socio, amigo"]
    assert values.words("a@x.es ::: b@x.es") == ["a@x.es", "b@x.es"]
    assert values.words('"Vino, tinto" , 5" ,"a ""b"""') == ["Vino, tinto", '5"', 'a "b"']


@given(st.lists(st.text(st.sampled_from('ab ;,|":\n')).map(lambda text: " ".join(text.split()))))
def test_a_list_in_a_cell_is_read_as_it_was_written(items):
    assert values.words(values.joined(items)) == list(dict.fromkeys(filter(None, items)))


@pytest.mark.parametrize(
    "worst", ["1," * 50_000, "1" * 100_000, " " * 100_000, "(" * 100_000, "-/" * 50_000]
)
@pytest.mark.parametrize(
    "parse", [values.number, values.money, values.day, values.moment, values.boolean]
)
def test_no_text_takes_long(parse, worst):
    start = time.perf_counter()
    for text in (worst, worst[:79], worst[:70] + "x"):
        try:
            parse(text)
        except Refused:
            continue
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31412", datetime(1985, 12, 31)),
        ("46000.5", datetime(2025, 12, 9, 12)),
        ("46000,5", datetime(2025, 12, 9, 12)),
        ("46000.999999999", datetime(2025, 12, 10)),
    ],
)
def test_days_that_a_spreadsheet_counts_are_dates(text, expected):
    assert values.moment(text) == expected
    assert values.day(text, "MDY") == expected.date()


@pytest.mark.parametrize("text", ["14999", "80000", "123456", "46000.", "-31412"])
def test_a_number_of_no_time_of_ours_is_no_date(text):
    with pytest.raises(Refused):
        values.day(text)


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("read", "form"),
    [
        (lambda: values.day("soon", "DMY"), "31/12/2026 or 2026-12-31"),
        (lambda: values.day("31/31/2026", "MDY"), "12/31/2026 or 2026-12-31"),
        (lambda: values.moment("1/2/2026 99:99", "DMY"), "31/12/2026 10:30 or 2026-12-31T10:30"),
        (lambda: values.number("many", ","), "write it as 1234,50"),
        (lambda: values.whole("1,5", ","), "write it as 1234"),
        (lambda: values.money("a lot", "."), "write it as 1234.50 EUR"),
        (lambda: values.boolean("perhaps"), "write one of the two"),
    ],
)
def test_a_refusal_says_in_which_form_it_is_wanted(read, form):
    with pytest.raises(Refused, match=re.escape(form)):
        read()
