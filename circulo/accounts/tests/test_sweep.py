from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.accounts.actions import attempts
from circulo.accounts.jobs import sweep
from circulo.accounts.models import Attempt, Session
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_what_has_ended_is_swept_away_and_what_has_not_stays(client):
    client.force_login(make_user())
    attempts.may_try("old", free=1)
    attempts.may_try("new", free=1)
    Attempt.objects.filter(key="old").update(
        since=timezone.now() - timedelta(days=2), last_at=timezone.now() - timedelta(days=2)
    )
    Session.objects.create(session_key="x", expire_date=timezone.now() - timedelta(days=1))

    sweep(timestamp=0)

    assert list(Attempt.objects.values_list("key", flat=True)) == ["new"]
    assert Session.objects.count() == 1
