"""An own field that links to a contact or a company offers names as somebody types."""

import re

import pytest

from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db


def test_a_link_is_picked_as_one_types_and_those_of_one_name_are_told_apart(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    add_field("contacts", "link", {"label_es": "Socio", "target": "company"}, by=admin)
    make_contact(owner=admin, given_name="Bodega")
    one, other = (make_company(owner=admin, name="Bodega Alta") for _n in range(2))
    alone = make_company(owner=admin, name="Bodega Baja")

    form = client.get("/contacts/new").content.decode()
    assert 'hx-get="/parties/names?of=company&amp;named=custom.socio"' in form
    assert '<datalist id="known-socio">' in form
    said = {"of": "company", "named": "custom.socio", "custom.socio": "bodega"}
    offered = client.get("/parties/names", said).content.decode()
    values = set(re.findall(r'<option value="(.*?)"', offered))
    assert values == {one.get_absolute_url(), other.get_absolute_url(), "Bodega Baja"}

    for typed, meant in ((other.get_absolute_url(), other), ("Bodega Baja", alone)):
        answer = client.post("/contacts/new", {"given_name": "Ana", "lifecycle": "contact",
                             "tax_country": "ES", "custom.socio": typed, "sure": "1"})  # fmt: skip
        assert answer.status_code == 302
        assert Party.objects.latest("pk").custom == {"socio": meant.public_id}
