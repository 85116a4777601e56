"""What is printed before a quote is sent says so, and nobody can sign it."""

import pytest

from circulo.quotes import actions
from circulo.quotes.printing import print_quote, sheet_of
from circulo.quotes.speaking import speaking
from circulo.testing.make import make_approval_rule, make_quote

pytestmark = pytest.mark.django_db


def marked(quote, link=""):
    with speaking(quote.language):
        data, _files = sheet_of(quote, link)
    return data["mark"], data["mark_note"]


def test_a_draft_is_printed_as_one_and_says_where_it_waits_for_approval():
    quote = make_quote(language="es")
    assert marked(quote) == ("BORRADOR", "No se ha enviado: aún no es una oferta.")
    make_approval_rule(criterion={"field": "net", "op": "gt", "value": 1})
    assert marked(quote) == ("BORRADOR", "Pendiente de aprobación: aún no es una oferta.")
    actions.submit_quote(quote, by=quote.owner)
    quote.refresh_from_db()
    quote.language = "en"
    assert marked(quote) == ("DRAFT", "Pending approval: this is no offer yet.")
    assert print_quote(quote).startswith(b"%PDF")


def test_what_is_sent_carries_no_mark():
    draft = make_quote()
    assert marked(draft, "https://firm.example/q/key") == ("", "")
    sent, _url = actions.send_quote(draft, by=draft.owner)
    assert marked(sent) == ("", "")
