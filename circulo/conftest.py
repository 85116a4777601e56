"""What tests of every app may ask for."""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from circulo.records.own import definitions
from circulo.records.tracking import keep_track
from circulo.testing import database
from circulo.testing.browser import chromium, driver, place, site, visit, visit_in_a_window

__all__ = ["chromium", "driver", "place", "site", "visit", "visit_in_a_window"]
PUT_BACK = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def pytest_configure() -> None:
    """Look for a file when it is asked for: each client of a test would look at all of them.

    What is found true of any value has no clock: a machine may be busy with something else.
    """
    settings.WHITENOISE_AUTOREFRESH = True
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")


@pytest.fixture
def in_english() -> Iterator[None]:
    """For tests that read messages: what is said outside a request is said in English."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_defined() -> None:
    """What one test defined is forgotten by the next."""
    definitions.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, request: pytest.FixtureRequest,
    django_db_blocker: DjangoDbBlocker,
) -> None:  # fmt: skip
    """One of several processes copies its database instead of migrating one of its own."""
    if hasattr(request.config, "workerinput"):
        with django_db_blocker.unblock():
            database.copy_one()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The ledger keeps what tests do too.

    Playwright's loop gives its thread other connections: let each know what to put back.
    """
    with django_db_blocker.unblock():
        keep_track()
    kept = getattr(connection, "_test_serialized_contents", None)
    if kept is not None:
        setattr(DatabaseWrapper, "_test_serialized_contents", kept)  # noqa: B010 (unknown to types)
    # Walking through what stays to the end was a seventh of all the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a test that commits put back at once what the migrations wrote.

    Processes take tests over from each other: what follows need not be one that puts it back. After
    the last one the database is gone.
    """
    yield
    if nextitem is None:
        return
    kept = getattr(connection, "_test_serialized_contents", None)
    blocker = item.config.stash.get(blocking_manager_key, None)
    if kept is not None and blocker is not None and PUT_BACK.mark in item.own_markers:
        with blocker.unblock():
            connection.creation.deserialize_db_from_string(kept)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits empties the tables after: have what the migrations wrote put back."""
    for item in items:
        if _commits(item, getattr(item, "fixturenames", [])):
            item.add_marker(PUT_BACK, append=False)


def _commits(item: pytest.Item, asked: list[str]) -> bool:
    marker = item.get_closest_marker("django_db")
    said = bool(marker and marker.kwargs.get("transaction"))
    return said or "live_server" in asked or "transactional_db" in asked
