import pytest


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.LOGIN_URL = "/login"
