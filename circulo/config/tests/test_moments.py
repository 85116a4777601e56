"""Moments come out of the database as they went in, and as Django's own reader reads them."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_comes_back_to_the_microsecond(moment):
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:  # before the first year, or after the last, in this zone
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [moment])
        (found,) = cursor.fetchone()
    assert (found, found.tzinfo) == (moment, UTC)


def test_what_no_moment_can_be_is_refused_as_ever():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError):
            cursor.fetchone()


def test_a_session_of_another_zone_tells_the_same_moments():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'America/Caracas'")
        cursor.execute("SELECT '2026-01-01 10:00:00.5+00'::timestamptz")
        (found,) = cursor.fetchone()
        cursor.execute("SET LOCAL timezone = 'UTC'")
    assert (found, found.tzinfo) == (datetime(2026, 1, 1, 10, 0, 0, 500_000, UTC), UTC)
