"""What a field of one's own links to, in the forms of those who do not see it."""

import pytest

from circulo.accounts.models import Role
from circulo.parties.tests.test_edit_party import fields_in
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import make_contact, make_deal, make_product, make_team, make_user

pytestmark = pytest.mark.django_db
LINK = {"label_es": "Padrino", "target": "contact"}


@pytest.fixture
def seller(client):
    Role.objects.filter(pk="seller").update(rights={"products": {"edit": "all"}})
    user = make_user(team=make_team(), language="en")
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("resource", "make", "changed"),
    [
        ("contacts", make_contact, {"notes": "Anew"}),
        ("deals", make_deal, {"custom.nota": "Anew"}),
        ("products", make_product, {"custom.nota": "Anew"}),
    ],
)
def test_a_link_out_of_sight_is_not_told_and_stays_when_the_rest_is_changed(
    client, seller, resource, make, changed
):
    add_field(resource, "link", LINK, by=None)
    add_field(resource, "text", {"label_es": "Nota"}, by=None)
    hidden = make_contact(owner=make_user("admin"))
    said = {} if resource == "products" else {"owner": seller}
    record = make(custom={"padrino": hidden.public_id}, **said)
    address = f"{record.get_absolute_url()}/edit"

    page = client.get(address).content.decode()
    assert hidden.public_id not in page and "somebody you cannot see" in page
    form = fields_in(f'<form class="form">{page[page.index("<main") :]}')
    answer = client.post(address, form | changed)
    assert answer.status_code == 302, answer.content.decode()
    before = record.version
    record.refresh_from_db()
    assert (record.custom["padrino"], record.version) == (hidden.public_id, before + 1)
