"""What the document of a quote says: who both sides are, what was given, in how many of what."""

from decimal import Decimal

import pytest

from circulo.accounts.models import Role
from circulo.catalog.words import tax_in_words
from circulo.documents.actions import change_letterhead
from circulo.lib import format as fmt
from circulo.quotes import actions
from circulo.quotes.models import QuotePaper
from circulo.quotes.printing import print_quote, sheet_of, totals_in_words
from circulo.quotes.selectors import document
from circulo.quotes.speaking import speaking
from circulo.quotes.tests.steps import changed
from circulo.testing.make import (
    make_company,
    make_price_rule,
    make_product,
    make_quote,
    make_user,
)

pytestmark = pytest.mark.django_db
TEXTS = {"es": {"introduction": "Gracias", "terms": "A 30 días"},
         "en": {"introduction": "Thank you", "terms": "In 30 days"}}  # fmt: skip


def told(quote, **more):
    with speaking(quote.language):
        data, _files = sheet_of(quote, **more)
    return data


def plain(text):
    return text.replace("\xa0", " ")


def test_the_rules_by_which_a_line_costs_less_are_named_on_every_page_and_on_paper(client):
    make_price_rule(name="Feria de otoño")
    product = make_product(price=100)
    quote = make_quote(lines=[{"product": product.public_id}], language="es")

    (line,) = told(quote)["lines"]

    assert [plain(one) for one in line["rules"]] == ["Descuento Feria de otoño: −10,00 €"]
    assert print_quote(quote).startswith(b"%PDF")
    client.force_login(quote.owner)
    page = plain(client.get(quote.get_absolute_url()).content.decode())
    assert "Feria de otoño <" in page
    _sent, url = actions.send_quote(quote, by=quote.owner)
    page = plain(client.get("/q/" + url.rsplit("/", 1)[1]).content.decode())
    assert "Descuento Feria de otoño: −10,00 €" in page


def test_taxes_that_read_alike_stand_there_once():
    quote = make_quote(currency="MXN")
    quote.taxes = [
        {"tax": "IVA", "tax_class": kind, "rate": rate, "base": "100", "amount": rate}
        for kind, rate in (("standard", "16"), ("reduced", "16"), ("zero", "0"))
    ]
    with speaking("en"):
        rows = totals_in_words(quote)[1:]
        assert rows == [
            (tax_in_words("IVA", Decimal(rate), "standard"), fmt.money(base, "MXN"),
             fmt.money(amount, "MXN"))
            for rate, base, amount in (("16", 200, 32), ("0", 100, 0))
        ]  # fmt: skip


def test_units_stand_in_the_plural_where_there_are_several():
    product = make_product(price=2, unit="lote")
    one = {"product": product.public_id}
    quote = make_quote(lines=[one, one | {"quantity": 244}])
    assert [line["quantity"] for line in told(quote)["lines"]] == ["1 lote", "244 lotes"]


def test_the_tax_ids_of_both_sides_stand_there_once_by_right(monkeypatch):
    change_letterhead({"tax_id": "B47000146"}, by=None)
    party = make_company(tax_id="B58818501", tax_country="ES")
    quote = make_quote(party=party, owner=make_user("manager"), addressee="Sol S.L.\nJaén")
    data = told(quote)
    assert data["to"][-1] == "NIF B58818501" and data["firm"]["lines"][-1] == "NIF B47000146"
    assert told(quote, tells_tax_id=False)["to"] == ["Sol S.L.", "Jaén"]
    quote.addressee = "Sol S.L.\nCIF B-58.818.501"
    assert told(quote)["to"] == ["Sol S.L.", "CIF B-58.818.501"]

    asked = []

    def printed(_quote, **said):
        asked.append(said)
        return b""

    monkeypatch.setattr(document, "print_quote", printed)
    Role.objects.filter(pk="manager").update(hidden={"companies": ["tax_id"]},
                                             rights={"companies": {"view": "all"}})  # fmt: skip
    for user in (make_user("manager"), make_user("admin"), None):
        document.sheet_for(quote, user)
    assert [one["tells_tax_id"] for one in asked] == [False, True, True]


def test_the_usual_texts_follow_the_language_of_a_draft_and_own_words_stay():
    QuotePaper.objects.update_or_create(pk=1, defaults={"texts": TEXTS})
    quote = make_quote(language="es")
    assert (quote.introduction, quote.terms) == ("Gracias", "A 30 días")
    quote = changed(quote, terms="Al contado")
    quote = changed(quote, language="en")
    assert (quote.introduction, quote.terms) == ("Thank you", "Al contado")
    quote = changed(quote, language="es", introduction="Hola")
    assert quote.introduction == "Hola"
    quote = changed(quote, language="en")
    assert quote.introduction == "Hola"
