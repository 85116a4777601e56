from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.accounts.actions import attempts
from circulo.accounts.models import Attempt

pytestmark = pytest.mark.django_db


def long_ago(name, **ago):
    Attempt.objects.filter(key=name).update(
        since=timezone.now() - timedelta(**ago), last_at=timezone.now() - timedelta(**ago)
    )


def test_each_try_beyond_the_free_ones_waits_longer():
    name = attempts.key("account", "ana@example.com")
    assert [attempts.may_try(name, free=2) for _number in range(3)] == [True, True, True]
    Attempt.objects.update(count=6)
    long_ago(name, seconds=-2)
    assert not attempts.may_try(name, free=2)
    long_ago(name, seconds=9)
    assert attempts.may_try(name, free=2)
    Attempt.objects.update(count=1000)
    long_ago(name, seconds=61)
    assert attempts.may_try(name, free=2)


def test_a_quarter_of_an_hour_of_peace_begins_anew():
    name = attempts.key("account", "ana@example.com")
    for _number in range(3):
        attempts.may_try(name, free=2)
    long_ago(name, minutes=16)
    assert [attempts.may_try(name, free=2) for _number in range(3)] == [True, True, True]


def test_a_window_lets_so_many_through_and_then_the_next_does():
    name, minute = attempts.key("reset", "ana@example.com"), timedelta(minutes=1)
    tries = [attempts.within(name, limit=3, window=minute) for _number in range(5)]
    assert tries == [True, True, True, False, False]
    long_ago(name, seconds=61)
    assert attempts.within(name, limit=3, window=minute)


def test_a_counter_does_not_say_whom_it_is_about():
    assert "ana" not in attempts.key("account", "ana@example.com")
