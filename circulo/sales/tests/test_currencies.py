"""Currencies are chosen, the firm's own first; of what is none both forms and programs are told."""

import json

import pytest
from django.urls import reverse

from circulo.accounts.actions import add_token
from circulo.accounts.models import Firm
from circulo.lib import money
from circulo.sales.models import Deal
from circulo.testing.make import make_company, make_deal, make_pipeline, make_quote, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    make_pipeline(is_default=True)
    user = make_user("admin", language="en")
    client.force_login(user)
    return user


def test_what_is_money_today_is_offered_and_nothing_of_the_past():
    assert {"EUR", "MXN", "GEL", "ZMW"} <= money.in_use()
    assert not {"ESP", "DEM", "XTS"} & money.in_use()


def test_the_forms_offer_the_currencies_with_the_own_one_first_and_keep_what_stands(client, seller):
    Firm.objects.update_or_create(pk=1, defaults={"currency": "MXN"})
    old = make_deal(owner=seller)
    Deal.objects.filter(pk=old.pk).update(currency="ESP")
    quote = make_quote(owner=seller, currency="GEL")
    pages = {
        reverse("sales:new"): "", f"{old.get_absolute_url()}/edit": "ESP",
        f"{quote.get_absolute_url()}/edit": "GEL", reverse("catalog:new_list"): "",
    }  # fmt: skip
    for url, kept in pages.items():
        form = client.get(url).context["form"]
        codes = [code for code, _label in form.fields["currency"].choices]
        assert codes[0] == "MXN" and codes.count("MXN") == 1 and "JPY" in codes
        assert ("ESP" in codes) == (kept == "ESP")
        assert not kept or form["currency"].value() == kept


def test_what_is_no_currency_is_refused_at_its_field(client, seller):
    party = make_company(owner=seller)
    said = {"title": "x", "other": party.name, "other_id": party.public_id, "amount": "1",
            "currency": "ZZZ", "owner": seller.opaque}  # fmt: skip
    answer = client.post(reverse("sales:new"), said)
    assert answer.status_code == 422 and not Deal.objects.exists()
    assert "“ZZZ” is no currency: choose one." in answer.content.decode()
    assert {"currency", "amount"} & {*answer.context["form"].errors} == {"currency"}


@pytest.mark.parametrize("path", ["deals", "quotes", "price-lists"])
def test_programs_are_told_which_currency_is_none(client, seller, path):
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {add_token(seller)}"
    said = {"title": "x", "name": "x", "party": make_company(owner=seller).public_id,
            "currency": "EURO"}  # fmt: skip
    said = {name: value for name, value in said.items()
            if (path == "price-lists") == (name == "name") or name == "currency"}  # fmt: skip
    answer = client.post(f"/api/v1/{path}", json.dumps(said), "application/json")
    assert answer.status_code == 422
    assert "EURO" in json.dumps(answer.json(), ensure_ascii=False)
