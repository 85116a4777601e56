"""Passwords cost little in these tests."""

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """The same hasher, at its lowest cost."""
    settings.PASSWORD_HASHERS = ["circulo.testing.quick.QuickArgon2"]
