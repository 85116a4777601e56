"""What the tests of booking pages share."""

import pytest

from circulo.agenda import actions
from circulo.portal.tests.booked import OFFER
from circulo.testing.mailbox import mail_server
from circulo.testing.make import make_user


@pytest.fixture
def box(settings):
    with mail_server(settings) as box:
        yield box


@pytest.fixture
def offered():
    user = make_user(time_zone="Europe/Madrid", language="en", name="Eva Gil")
    return actions.open_booking(user, OFFER)
