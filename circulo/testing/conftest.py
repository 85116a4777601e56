"""What the tests of the rights share."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from circulo.records.own import definitions
from circulo.testing import database
from circulo.testing.world_of_rights import Firm, a_firm


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Firm]:
    """The firm of the rights, made once: each test takes back what it does to it."""
    definitions.forget()
    with django_db_blocker.unblock(), database.shared():
        yield a_firm()
