"""A quote for a firm, its seller, who is logged in, and a mail server."""

import pytest

from circulo.quotes.models import Quote
from circulo.testing.mailbox import mail_server
from circulo.testing.make import make_company, make_contact, make_quote, make_team, make_user


@pytest.fixture
def box(settings):
    with mail_server(settings) as box:
        yield box


@pytest.fixture
def seller(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


@pytest.fixture
def quote(seller):
    firm = make_company(owner=seller, name="Hotel Sol", emails=["compras@sol.example"])
    ana = make_contact(owner=seller, given_name="Ana", company=firm, emails=["ana@sol.example"])
    quote = make_quote(owner=seller, party=firm, title="Vino", language="en")
    Quote.objects.filter(pk=quote.pk).update(contact=ana)
    return Quote.objects.get(pk=quote.pk)
