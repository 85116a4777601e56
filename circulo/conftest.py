"""What tests of every app may ask for."""

import pytest

from circulo.testing.browser import chromium, site, visit

__all__ = ["chromium", "roles", "site", "visit"]


@pytest.fixture(autouse=True)
def roles(request: pytest.FixtureRequest) -> None:
    """The roles that a migration made, where a test that empties the tables went before."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        return
    request.getfixturevalue("transactional_db")
    from circulo.accounts.models import Role
    from circulo.accounts.rights import RoleName

    Role.objects.bulk_create([Role(name=name) for name in RoleName], ignore_conflicts=True)
