"""A number that cannot be whole is kept as it was written, and is warned of: never refused."""

import pytest

from circulo.parties.forms.party import PartyForm
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db
BEGUN = {"given_name": "Ana", "lifecycle": "contact", "tax_country": "ES"}
WARNED = {
    "es": "no parece un número de teléfono completo de España",
    "en": "does not look like a complete phone number of Spain",
}


@pytest.mark.parametrize("language", WARNED)
def test_a_number_that_is_not_whole_is_saved_and_warned_of(client, language):
    seller = make_user(language=language, region="es-ES")
    client.force_login(seller)

    typed = client.post("/parties/phones", {"phones_value": ["612 345 678", "12", ""]})
    saved = client.post("/contacts/new", BEGUN | {"phones_value": ["12"]})

    warned = typed.content.decode()
    assert f"“12” {WARNED[language]}" in warned.replace("«12»", "“12”")
    assert warned.count("row spark") == 1
    assert saved.status_code == 302
    page = client.get(saved.url).content.decode()
    assert WARNED[language] in page
    assert WARNED[language] in client.get(f"{saved.url}/edit").content.decode()


@pytest.mark.parametrize(
    "number", ["612 345 678", "+44 20 7946 0958", "900 123 456", "983 11 02 20"]
)
def test_a_whole_number_is_warned_of_nowhere(client, number):
    seller = make_user(language="en", region="es-ES")
    client.force_login(seller)
    ana = make_contact(owner=seller, phones=[number])

    typed = client.post("/parties/phones", {"phones_value": [number], "faxes_value": [number]})

    assert "row spark" not in typed.content.decode()
    assert "complete phone number" not in client.get(ana.get_absolute_url()).content.decode()


def test_what_is_drawn_for_one_is_kept_for_nobody_else():
    asked = make_user()
    first, second = PartyForm("person", asked), PartyForm("person", asked)
    drawn = first.fields["phones"].widget
    assert "row spark" in drawn.render("phones", [{"value": "12"}])
    for widget in (drawn, second.fields["phones"].widget):
        assert "row spark" not in widget.render("phones", [])
        assert "doubts" not in widget.more
