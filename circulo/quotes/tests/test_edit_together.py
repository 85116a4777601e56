"""Two people who change one quote by its form at once; and what its deal tells of it."""

import pytest

from circulo.catalog.actions.products import retire_products
from circulo.lib.errors import Invalid
from circulo.quotes import drafts
from circulo.quotes.tests.steps import changed, sent
from circulo.testing.make import (
    make_company,
    make_deal,
    make_product,
    make_quote,
    make_team,
    make_user,
)
from circulo.testing.together import begun_form, chosen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def owner(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


def test_two_people_who_change_different_fields_of_a_quote_are_merged_silently(client, owner):
    party = make_company(owner=owner)
    quote = make_quote(owner=owner, party=party, title="Vino", terms="A 30 días")
    mine = begun_form(client, quote) | {"title": "Cava", "other_id": party.public_id}
    changed(quote, terms="A 60 días")

    answer = client.post(f"{quote.get_absolute_url()}/edit", mine)

    quote.refresh_from_db()
    assert (answer.status_code, quote.title, quote.terms) == (302, "Cava", "A 60 días")


def test_the_same_field_of_a_quote_asks_which_one_shall_stand(client, owner):
    party = make_company(owner=owner)
    quote = make_quote(owner=owner, party=party, title="Vino")
    mine = begun_form(client, quote) | {"title": "Cava", "other_id": party.public_id}
    changed(quote, title="Sidra")

    asked = client.post(f"{quote.get_absolute_url()}/edit", mine)

    page = asked.content.decode()
    assert asked.status_code == 409 and "Sidra" in page and "Cava" in page
    kept = chosen(asked, keep_title="mine")
    answer = client.post(f"{quote.get_absolute_url()}/edit", kept)
    quote.refresh_from_db()
    assert (answer.status_code, quote.title) == (302, "Cava")


def test_a_deal_tells_what_happened_with_its_quotes(client, owner):
    party = make_company(owner=owner)
    deal = make_deal(owner=owner, party=party)
    quote = sent(make_quote(owner=owner, party=party, deal=deal.public_id))

    told = client.get(deal.get_absolute_url()).context["told"]
    assert [row["kind"] for row in told if quote.called in row["subject"]] == ["quotes.quote_sent"]


def test_a_program_offers_nothing_new_that_is_no_longer_sold(owner):
    product, other = make_product(code="TINTO"), make_product(code="CAVA")
    quote = make_quote(owner=owner, lines=[{"product": product.public_id}])
    retire_products([product.pk, other.pk], by=owner)

    changed(quote, lines=[{"product": "TINTO", "quantity": "3"}])
    with pytest.raises(Invalid):
        drafts.read({"lines": [{"product": "CAVA"}]}, by=owner, quote=quote)
