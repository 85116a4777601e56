"""A form for a new party with several things wrong: told at once, and nothing is forgotten."""

import re

import pytest

from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BEGUN = {"lifecycle": "contact", "tax_country": "ES"}


@pytest.fixture
def seller(client):
    user = make_user(language="en")
    client.force_login(user)
    return user


def test_all_that_is_wrong_is_said_at_once(client, seller):
    field = add_field("contacts", "number", {"label_en": "Age", "label_es": "Edad"}, by=seller)
    known = make_contact(owner=seller, phones=["612345678"])

    answer = client.post("/contacts/new", BEGUN | {
        "company_name": "Nobody", "emails_value": ["no"], "birthday": "soon",
        "phones_value": ["612 345 678"], field.name: "old",
    })  # fmt: skip

    form = answer.context["form"]
    assert answer.status_code == 422
    assert {"company_name", "emails", "birthday", field.name} <= form.errors.keys()
    assert all(len(texts) == 1 for texts in form.errors.values())
    page = answer.content.decode()
    assert known.get_absolute_url() in page and 'name="sure"' in page
    assert Party.objects.count() == 1


def test_what_is_missing_is_said_beside_what_is_wrong(client, seller):
    answer = client.post("/contacts/new", BEGUN | {"birthday": "soon"})

    assert answer.context["form"].errors.keys() == {"birthday", "given_name"}


def test_a_tick_stays_from_one_round_to_the_next(client, seller):
    make_contact(owner=seller, emails=["ana@example.com"])
    said = BEGUN | {
        "given_name": "Ana", "emails_value": ["ana@example.com"], "birthday": "soon",
        "company_name": "Nueva, S.L.", "add_company": "1", "sure": "1",
    }  # fmt: skip

    answer = client.post("/contacts/new", said)

    page = answer.content.decode()
    assert answer.context["form"].errors.keys() == {"birthday"}
    for name in ("sure", "add_company"):
        assert re.search(rf'name="{name}" value="1" checked', page)
    assert not Party.objects.filter(kind="organisation").exists()
    assert client.post("/contacts/new", said | {"birthday": "1980-02-14"}).status_code == 302
    assert Party.objects.filter(birthday="1980-02-14", company__trade_name="Nueva, S.L.").exists()


def test_a_company_that_was_chosen_of_several_stays_chosen_while_its_name_stands(client, seller):
    _first, second = make_company(owner=seller, name="Sol"), make_company(owner=seller, name="Sol")
    other = make_company(owner=seller, name="Luna")
    said = BEGUN | {
        "given_name": "Ana", "company_name": "Sol", "company_choice": second.public_id,
        "birthday": "soon",
    }  # fmt: skip

    page = client.post("/contacts/new", said).content.decode()
    assert f'value="{second.public_id}" selected' in page
    client.post("/contacts/new", said | {"birthday": "", "company_name": "Luna"})
    assert Party.objects.people().get().company == other
