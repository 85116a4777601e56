"""When somebody is not to be disturbed, by the clock where they are."""

from datetime import UTC, datetime, time

import pytest

from circulo.accounts.models import User
from circulo.accounts.quiet import morning_of, quiet_until


def person(begins, ends, zone="Europe/Madrid"):
    return User(quiet_from=begins, quiet_until=ends, time_zone=zone)


def utc(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


NIGHT = person(time(21), time(8))


def test_the_night_ends_in_the_morning_wherever_one_is():
    assert quiet_until(NIGHT, utc(2027, 1, 11, 19, 59)) is None
    assert quiet_until(NIGHT, utc(2027, 1, 11, 20, 0)) == utc(2027, 1, 12, 7)
    assert quiet_until(NIGHT, utc(2027, 1, 12, 6, 59)) == utc(2027, 1, 12, 7)
    assert quiet_until(NIGHT, utc(2027, 1, 12, 7, 0)) is None
    chile = person(time(21), time(8), "America/Santiago")
    assert quiet_until(chile, utc(2027, 1, 12, 2)) == utc(2027, 1, 12, 11)


def test_a_siesta_is_quiet_too_and_nothing_said_is_never():
    siesta = person(time(14), time(16))
    assert quiet_until(siesta, utc(2027, 1, 11, 13, 30)) == utc(2027, 1, 11, 15)
    assert quiet_until(siesta, utc(2027, 1, 11, 15)) is None
    assert quiet_until(person(None, None), utc(2027, 1, 11, 2)) is None
    assert quiet_until(person(time(8), time(8)), utc(2027, 1, 11, 7)) is None


def test_the_night_in_which_madrid_puts_the_clock_forward_ends_an_hour_earlier():
    # 28 March 2027: at two it is three.
    assert quiet_until(NIGHT, utc(2027, 3, 27, 22)) == utc(2027, 3, 28, 6)
    assert quiet_until(NIGHT, utc(2027, 3, 28, 22)) == utc(2027, 3, 29, 6)
    within_what_is_skipped = person(time(21), time(2, 30))
    assert quiet_until(within_what_is_skipped, utc(2027, 3, 28, 0, 50)) == utc(2027, 3, 28, 1, 30)
    assert quiet_until(within_what_is_skipped, utc(2027, 3, 28, 1, 30)) is None


def test_the_night_in_which_madrid_puts_it_back_ends_an_hour_later():
    # 31 October 2027: at three it is two once more.
    assert quiet_until(NIGHT, utc(2027, 10, 30, 21)) == utc(2027, 10, 31, 7)
    twice = person(time(21), time(2, 30))
    assert quiet_until(twice, utc(2027, 10, 31, 0, 15)) == utc(2027, 10, 31, 0, 30)
    assert quiet_until(twice, utc(2027, 10, 31, 1, 15)) == utc(2027, 10, 31, 1, 30)
    assert quiet_until(twice, utc(2027, 10, 31, 1, 30)) is None


@pytest.mark.parametrize(
    ("hours", "due"),
    [((None, None), 8), ((21, 8), 8), ((21, 10), 10), ((7, 9), 9), ((14, 16), 8), ((8, 6), 6)],
)
def test_the_letter_comes_at_eight_or_when_the_quiet_hours_are_over(hours, due):
    reader = person(*(time(hour) if hour is not None else None for hour in hours))

    winter, summer = utc(2027, 3, 27, 12), utc(2027, 3, 28, 12)

    assert morning_of(reader, winter) == utc(2027, 3, 27, due - 1)
    assert morning_of(reader, summer) == utc(2027, 3, 28, due - 2)
