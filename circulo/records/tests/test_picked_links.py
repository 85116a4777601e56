"""An own field that links to a record offers names as somebody types."""

import json
import re
from typing import Any

import pytest

from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_lead,
    make_product,
    make_quote,
    make_user,
)

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


def test_a_link_leads_to_what_is_sold_named_filtered_and_hidden_like_any_other(client):
    admin, seller = make_user("admin", language="en"), make_user("seller", language="en")
    client.force_login(admin)
    deal = make_deal(owner=admin, title="Wine for the wedding")
    lead, quote = make_lead(owner=admin, given_name="Pía"), make_quote(owner=admin)
    wine = make_product(name="Tinto")
    records: dict[str, tuple[Any, str]] = {
        "deal": (deal, deal.title), "product": (wine, "Tinto"), "lead": (lead, str(lead)),
        "quote": (quote, quote.number),
    }  # fmt: skip
    for target in records:
        add_field("contacts", "link", {"label_es": f"Su {target}", "target": target}, by=admin)

    form = client.get("/contacts/new").content.decode()
    assert 'hx-get="/names?of=deal&amp;named=custom.su_deal"' in form
    said = {"given_name": "Ana", "lifecycle": "contact", "tax_country": "ES", "sure": "1"}
    for target, (_record, name) in records.items():
        asked = {"of": target, "named": "x", "x": name[:4]}
        assert f'value="{name}"' in client.get("/names", asked).content.decode()
        said[f"custom.su_{target}"] = name
    assert client.post("/contacts/new", said).status_code == 302
    ana = Party.objects.get(given_name="Ana")
    assert ana.custom == {f"su_{t}": record.public_id for t, (record, _name) in records.items()}

    page = client.get(ana.get_absolute_url()).content.decode()
    for target, (record, name) in records.items():
        assert f'href="{record.get_absolute_url()}"' in page and name in page
        found = client.get("/contacts/condition", {"field": f"custom.su_{target}", "op": "in",
                                                   "find": name[:4]}).content.decode()  # fmt: skip
        assert f'value="{record.public_id}"' in found
        node = {"field": f"custom.su_{target}", "op": "in", "value": [record.public_id]}
        listed = client.get("/contacts", {"filter": json.dumps(node)}).content.decode()
        assert name in listed and "1 record" in listed

    Party.objects.filter(pk=ana.pk).update(owner=seller)
    client.force_login(seller)
    assert "Wine for the wedding" not in client.get(ana.get_absolute_url()).content.decode()
    offered = client.get("/names", {"of": "deal", "named": "x", "x": "Wine"}).content.decode()
    assert "Wine" not in offered


def test_a_list_of_quotes_is_filtered_by_the_deal_as_one_types_its_title(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    deal = make_deal(owner=admin, title="Wine for the wedding")

    asked = {"field": "deal", "op": "in", "find": "weddi"}
    found = client.get("/quotes/condition", asked).content.decode()

    assert f'value="{deal.public_id}"' in found and "Wine for the wedding" in found
    node = json.dumps({"field": "deal", "op": "in", "value": [deal.public_id]})
    assert "Wine for the wedding" in client.get("/quotes", {"filter": node}).content.decode()
