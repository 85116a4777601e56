import pytest

from circulo.testing.browser import screenshot
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 320])
def test_every_component_stands_in_every_theme_and_width(visit, scheme, width):
    visitor = visit(make_user("admin"), width=width, scheme=scheme)

    visitor.open("/gallery")

    screenshot(visitor, f"gallery-{width}-{scheme}")
    assert visitor.axe() == []
    assert visitor.overflow() == 0
    assert visitor.complaints == []
