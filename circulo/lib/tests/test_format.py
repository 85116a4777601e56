from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import format as fmt
from circulo.lib.errors import Invalid

NBSP = "\u00a0"
REGIONS = ["es-ES", "es-MX", "es-AR", "es-CL", "es-CO", "es-PE", "es-UY", "es-EC", "en-GB", "en-US"]
NOW = datetime(2026, 3, 5, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "currency", "amount", "text"),
    [
        ("es-ES", "EUR", "1234.5", f"1.234,50{NBSP}€"),
        ("es-ES", "EUR", "-1234.5", f"−1.234,50{NBSP}€"),
        ("es-ES", "MXN", "1234567.891", f"1.234.567,89{NBSP}MXN"),
        ("es-MX", "MXN", "1234.5", "$1,234.50"),
        ("es-MX", "EUR", "5", f"EUR{NBSP}5.00"),
        ("es-CL", "CLP", "1234", "$1.234"),
        ("es-CL", "CLP", "-1234.5", "$−1.235"),
        ("es-PE", "PEN", "1234.5", f"S/{NBSP}1,234.50"),
        ("es-UY", "UYU", "1234.5", f"${NBSP}1.234,50"),
        ("es-AR", "ARS", "0", "$0,00"),
        ("en-GB", "GBP", "1234.5", "£1,234.50"),
        ("en-US", "USD", "-1234.5", "−$1,234.50"),
        ("es-ES", "XYZ", "1", f"1,00{NBSP}XYZ"),
    ],
)
def test_money_is_written_as_the_region_does(region, currency, amount, text):
    assert fmt.get(region).money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234, None, "1.234"),
        (999, None, "999"),
        (-1234567, None, "−1.234.567"),
        (Decimal("1234.50"), None, "1.234,5"),
        (Decimal("100"), None, "100"),
        (Decimal("0.12345"), None, "0,123"),
        (12.345, 2, "12,35"),
        (5, 2, "5,00"),
        (Decimal("-0.001"), 2, "0,00"),
        (Decimal("NaN"), None, "–"),
        (float("inf"), 2, "–"),
        (None, None, ""),
    ],
)
def test_numbers_are_always_grouped_and_rounded_as_people_round(value, decimals, text):
    assert fmt.get("es-ES").number(value, decimals) == text


def test_percentages():
    assert fmt.get("es-ES").percent(0.125) == f"12,5{NBSP}%"
    assert fmt.get("es-MX").percent(Decimal("0.5")) == "50%"
    assert fmt.get("en-GB").percent(0.12345, 2) == "12.35%"
    assert fmt.get("es-ES").percent(-0.125) == f"−12,5{NBSP}%"


def test_what_is_typed_and_read_again_has_the_sign_of_the_keyboard():
    assert fmt.get("es-ES").typed_number(Decimal("-1.5")) == "-1,5"
    assert fmt.parse_number(fmt.get("es-ES").number(Decimal("-1.5"))) == Decimal("-1.5")


@pytest.mark.parametrize(
    ("region", "language", "short", "medium", "long"),
    [
        ("es-ES", "es", "05/03/26", "5 mar 2026", "5 de marzo de 2026"),
        ("es-CL", "es", "05-03-26", "05-03-2026", "5 de marzo de 2026"),
        ("es-MX", "es", "05/03/26", "5 mar 2026", "5 de marzo de 2026"),
        ("es-ES", "en", "05/03/26", "5 Mar 2026", "5 March 2026"),
        ("en-GB", "en", "05/03/2026", "5 Mar 2026", "5 March 2026"),
        ("en-US", "en", "03/05/26", "Mar 5, 2026", "March 5, 2026"),
        ("en-US", "es", "03/05/26", "5 mar 2026", "5 de marzo de 2026"),
    ],
)
def test_days(region, language, short, medium, long):
    locale, day = fmt.get(region, language), date(2026, 3, 5)
    assert (locale.day(day), locale.day(day, "medium"), locale.day(day, "long")) == (
        short,
        medium,
        long,
    )


def test_a_year_of_another_century_is_written_whole():
    assert fmt.get("es-ES").day(date(1926, 3, 5)) == "05/03/1926"


def test_moments_are_told_in_the_zone_of_the_user():
    assert fmt.get("es-ES").moment(NOW) == "05/03/26, 18:05"
    assert fmt.get("es-CL", zone="America/Santiago").moment(NOW) == "05-03-26, 14:05"
    assert fmt.get("en-US", zone="America/New_York").time(NOW) == "12:05\u202fPM"
    assert fmt.get("es-MX", zone="America/Mexico_City").time(NOW) == "11:05"
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert fmt.get("es-ES").day(late) == "06/03/26"
    assert fmt.get("es-ES", zone="No/Where").time(NOW) == "17:05"


@pytest.mark.parametrize(
    ("away", "es", "en"),
    [
        (timedelta(seconds=-20), "ahora mismo", "just now"),
        (timedelta(seconds=-50), "hace 1 minuto", "1 minute ago"),
        (timedelta(minutes=-5), "hace 5 minutos", "5 minutes ago"),
        (timedelta(hours=-3), "hace 3 horas", "3 hours ago"),
        (timedelta(hours=-20), "ayer, 22:05", "yesterday, 22:05"),
        (timedelta(days=-3), "hace 3 días", "3 days ago"),
        (timedelta(days=-30), "3 feb 2026", "3 Feb 2026"),
        (timedelta(minutes=5), "dentro de 5 minutos", "in 5 minutes"),
        (timedelta(days=1), "mañana, 18:05", "tomorrow, 18:05"),
        (timedelta(days=2), "dentro de 2 días", "in 2 days"),
    ],
)
def test_how_long_ago_in_words(away, es, en):
    assert fmt.get("es-ES").ago(NOW + away, NOW) == es
    assert fmt.get("es-ES", "en").ago(NOW + away, NOW) == en


def test_words_around_a_day():
    locale = fmt.get("es-ES")
    day = date(2026, 3, 5)
    assert locale.month(day) == "marzo de 2026"
    assert locale.weekday(day) == "jueves"
    assert locale.day_month(day) == "5 mar"
    assert locale.near_day(locale.today()) == "hoy"
    assert locale.near_day(locale.today() + timedelta(days=1)) == "mañana"
    assert locale.near_day(day) == "5 mar 2026"


def test_the_week_begins_on_monday_in_spanish_and_on_sunday_in_the_states():
    thursday = date(2026, 3, 5)
    assert fmt.get("es-MX").week_of(thursday)[0] == date(2026, 3, 2)
    assert fmt.get("en-US").week_of(thursday) == (date(2026, 3, 1), date(2026, 3, 7))


def test_lists_in_words():
    locale = fmt.get("es-ES")
    assert locale.joined([]) == ""
    assert locale.joined(["Ana"]) == "Ana"
    assert locale.joined(["Ana", "Inés"]) == "Ana e Inés"
    assert locale.joined(["Ana", "Hielo"]) == "Ana y Hielo"
    assert locale.joined(["{1}", "Blas", "Carla"]) == "{1}, Blas y Carla"
    assert fmt.get("en-GB").joined(["Ann", "Bob", "Cy"]) == "Ann, Bob and Cy"


@pytest.mark.parametrize(
    ("region", "text", "decimals", "value"),
    [
        ("es-ES", "1.234,50", None, "1234.50"),
        ("es-ES", "1234.50", None, "1234.50"),
        ("es-ES", "1,234.50", None, "1234.50"),
        ("es-ES", "1234,5", None, "1234.5"),
        ("es-ES", f"−1.234,50{NBSP}€", 2, "-1234.50"),
        ("es-ES", "1.234", 2, "1234"),
        ("es-ES", "1.234.567", None, "1234567"),
        ("es-ES", "0,5", None, "0.5"),
        ("es-ES", ",5", None, "0.5"),
        ("es-ES", "12 345", None, "12345"),
        ("es-MX", "$1,234.50", 2, "1234.50"),
        ("es-MX", "1.234,50", 2, "1234.50"),
        ("es-PE", "S/ 1,234.50", 2, "1234.50"),
        ("es-CL", "$1.234", 0, "1234"),
        ("es-ES", "1234 EUR", 2, "1234"),
    ],
)
def test_typed_numbers_are_understood_where_they_are_clear(region, text, decimals, value):
    assert fmt.parse_number(text, decimals, fmt.get(region)) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "decimals"),
    [
        ("1.234", None),
        ("1,234", None),
        ("1,234", 2),
        ("1,2,3", None),
        ("1..2", None),
        ("abc", None),
        ("1e5", None),
        ("NaN", None),
        ("٣", None),
        ("1,", None),
        ("-", None),
        ("1,234567", 2),
        ("9" * 50, None),
        ("1" * 100_000, None),
    ],
)
def test_what_is_not_clear_is_asked_for(text, decimals):
    with pytest.raises(Invalid):
        fmt.parse_number(text, decimals, fmt.get("es-ES"))


def test_an_empty_text_is_no_number():
    assert fmt.parse_number("  ") is None


@given(st.sampled_from(REGIONS), st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_is_written_is_read_back(region, value):
    locale = fmt.get(region)
    assert fmt.parse_number(locale.typed_number(value), 2, locale) == value
    assert fmt.parse_number(locale.number(value, 2), 2, locale) == value


def test_the_current_locale_is_that_of_whoever_is_answered():
    assert fmt.number(1234) == "1.234"
    with fmt.use(fmt.get("es-MX")):
        assert fmt.number(1234) == "1,234"
        assert fmt.money(Decimal(5), "MXN") == "$5.00"
    assert fmt.number(1234) == "1.234"


def test_every_region_offered_is_known():
    for region in fmt.REGIONS:
        assert fmt.get(region).money(Decimal("1234.5"), "EUR")
    assert fmt.get("xx-YY").number(1234) == "1.234"


@pytest.mark.parametrize(
    ("region", "language", "first", "last", "text"),
    [
        ("es-ES", "es", date(2026, 11, 23), date(2026, 11, 29), "23–29 nov 2026"),
        ("es-ES", "es", date(2026, 11, 30), date(2026, 12, 6), "30 nov – 6 dic 2026"),
        ("en-GB", "en", date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 – 3 Jan 2027"),
        ("en-US", "en", date(2026, 11, 23), date(2026, 11, 29), "Nov 23 – 29, 2026"),
    ],
)
def test_a_stretch_of_days_says_nothing_twice(region, language, first, last, text):
    with fmt.use(fmt.get(region, language, "Europe/Madrid")):
        assert " ".join(fmt.days(first, last).split()) == text
        assert fmt.days(first, first) == fmt.day(first, "medium")
