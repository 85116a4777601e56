"""Pages for customers are those of the firm: its name, its logo, its colour, not the program's."""

import pytest

from circulo.accounts.models import Firm
from circulo.agenda.actions import open_booking
from circulo.documents.models import Letterhead
from circulo.portal.colours import LEGIBLE, accents, contrast_with_white
from circulo.quotes import actions
from circulo.quotes.models import QuotePaper
from circulo.testing.make import make_quote, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["quote", "booking"])
def path(request):
    if request.param == "booking":
        return f"/b/{open_booking(make_user(), {'title': 'Cata'}).token}"
    _quote, url = actions.send_quote(draft := make_quote(), by=draft.owner)
    return "/q/" + url.rsplit("/", 1)[1]


def test_a_page_for_customers_is_of_the_firm_and_names_nobody_else(client, path):
    Firm.objects.update_or_create(pk=1, defaults={"name": "Bodegas Duero"})
    QuotePaper.objects.update_or_create(pk=1, defaults={"colour": "#7a1f3d"})

    page = client.get(path).content.decode()

    assert "· Bodegas Duero</title>" in page and "Círculo" not in page and "<img" not in page
    assert client.get(f"{path}/logo").status_code == 404
    style = client.get(f"{path}/colour.css")
    assert style.headers["Content-Type"].startswith("text/css") and b"#7a1f3d" in style.content


def test_the_logo_stands_on_the_page_and_is_shown_to_who_has_the_key_alone(client, path):
    Letterhead.objects.create(pk=1, logo=b"\x89PNG", logo_type="image/png")
    assert f'src="{path}/logo"' in client.get(path).content.decode()
    answer = client.get(f"{path}/logo")
    assert (answer.content, answer.headers["Content-Type"]) == (b"\x89PNG", "image/png")
    for name in ("logo", "colour.css"):
        assert client.get(f"{path[:3]}unknown/{name}").status_code == 404


@pytest.mark.parametrize("colour", ["#ffffff", "#ffee00", "#0f5f66", "#000000"])
def test_white_is_read_on_whatever_colour_a_firm_has(colour):
    said = accents(colour).split("light-dark(", 1)[1][:7]
    assert contrast_with_white(said) >= LEGIBLE
    assert said == colour or contrast_with_white(colour) < LEGIBLE
