"""The pages of quotes, their list and their settings."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from circulo.quotes import actions
from circulo.quotes.models import ApprovalRule, Quote, QuotePaper
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_approval_rule,
    make_company,
    make_deal,
    make_product,
    make_quote,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


def test_a_deal_is_quoted_by_one_press_and_its_page_shows_the_quote(client, seller):
    make_product(price=50, name="Tinto")
    deal = make_deal(owner=seller, lines=[{"product": "Tinto", "quantity": 2}])
    answer = client.post(reverse("quotes:of_deal", args=[deal.public_id]))
    quote = Quote.objects.get()
    assert quote.party is not None
    assert (answer.status_code, answer.url) == (302, quote.get_absolute_url())
    page = client.get(deal.get_absolute_url()).content.decode()
    assert quote.called in page and "121,00" in page
    assert quote.called in client.get(quote.party.get_absolute_url()).content.decode()


def test_a_quote_is_begun_for_somebody_and_its_lines_are_typed(client, seller):
    make_product(price="9.95", name="Tinto")
    make_company(owner=seller, name="Hotel Sol")
    answer = client.post(reverse("quotes:new"), {"title": "Vino", "other": "Hotel Sol"})
    quote = Quote.objects.get()
    assert answer.status_code == 302 and str(quote.party) == "Hotel Sol"
    typed = {"was": "", "product": "Tinto", "quantity": "3", "price": "", "discount": "",
             "description": "De la casa"}  # fmt: skip
    assert client.post(f"{quote.get_absolute_url()}/lines", typed).status_code == 302
    page = client.get(quote.get_absolute_url()).content.decode()
    assert "29,85" in page and "De la casa" in page and "36,12" in page
    wrong = client.post(f"{quote.get_absolute_url()}/lines", typed | {"quantity": "mucho"})
    assert wrong.status_code == 422 and 'value="mucho"' in wrong.content.decode()


def test_its_texts_are_changed_by_the_form_only_where_they_differ(client, seller):
    quote = make_quote(owner=seller)
    path = f"{quote.get_absolute_url()}/edit"
    page = client.get(path)
    assert quote.party is not None
    said = {"title": "Otro", "other": quote.party.name, "valid_until": "2001-01-01",
            "language": "en", "currency": "EUR", "owner": seller.opaque}  # fmt: skip
    assert page.status_code == 200 and client.post(path, said).status_code == 422
    said["valid_until"] = quote.valid_until.isoformat()
    assert client.post(path, said | {"terms": "Net"}).status_code == 302
    quote.refresh_from_db()
    assert (quote.title, quote.terms, quote.language) == ("Otro", "Net", "en")


def test_sending_tells_the_address_and_readies_an_e_mail(client, seller):
    party = make_company(owner=seller, emails=["compras@sol.example"])
    quote = make_quote(owner=seller, party=party)
    page = client.post(f"{quote.get_absolute_url()}/send").content.decode()
    assert "/q/" in page and "mailto:compras%40sol.example" in page
    assert client.get(f"{quote.get_absolute_url()}/pdf").content.startswith(b"%PDF")
    assert client.post(f"{quote.get_absolute_url()}/revise").status_code == 302
    assert Quote.objects.count() == 2


def test_the_page_of_what_was_sent_tells_its_address_to_who_may_change_it(client, seller):
    quote = make_quote(owner=seller)
    quote, url = actions.send_quote(quote, by=seller)
    page = client.get(quote.get_absolute_url()).content.decode()
    assert f'data-copy="{url}"' in page and "stop working at once" in page

    fresh = actions.renew_link(quote, by=seller)
    page = client.get(quote.get_absolute_url()).content.decode()
    assert fresh in page and url not in page

    client.force_login(make_user(team=seller.team, language="en"))
    page = client.get(quote.get_absolute_url()).content.decode()
    assert quote.called in page and "/q/" not in page


def test_the_page_costs_the_same_for_one_line_as_for_many(client, seller):
    product = make_product(price=1)
    line = {"product": product.public_id}
    one_line = make_quote(owner=seller, lines=[line])
    client.get(one_line.get_absolute_url())
    one = query_cost(client.get, one_line.get_absolute_url())
    many = make_quote(owner=seller, party=one_line.party, lines=[line] * 5)
    assert query_cost(client.get, many.get_absolute_url()) == one


def test_the_list_costs_the_same_for_one_quote_as_for_many(client, seller):
    first = make_quote(owner=seller)
    client.get("/quotes")
    one = query_cost(client.get, "/quotes")
    for _n in range(3):
        make_quote(owner=seller, party=first.party)
    assert query_cost(client.get, "/quotes") == one
    assert first.called in client.get("/quotes").content.decode()


def test_a_card_is_moved_where_an_act_leads_and_nowhere_else(client, seller):
    quote = make_quote(owner=seller)
    card = f"{quote.get_absolute_url()}/card"
    client.post(card, {"by": "status", "value": "accepted"})
    quote.refresh_from_db()
    assert quote.status == "draft"
    client.post(card, {"by": "status", "value": "approved"})
    quote.refresh_from_db()
    assert quote.status == "approved"


def test_a_quote_of_another_team_is_not_there_and_one_of_a_mate_is_not_changed(client, seller):
    theirs = make_quote(owner=make_user(team=make_team()))
    mates = make_quote(owner=make_user(team=seller.team))
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(mates.get_absolute_url()).status_code == 200
    for act in ("submit", "send", "lines", "withdraw", "revise", "link", "unlink", "redraft"):
        assert client.post(f"{theirs.get_absolute_url()}/{act}").status_code == 404
        assert client.post(f"{mates.get_absolute_url()}/{act}").status_code == 403


def test_an_administrator_states_rules_and_paper_and_nobody_else(client, seller):
    assert client.get(reverse("quotes:settings")).status_code == 403
    client.force_login(make_user("admin", language="en"))
    paper = {"colour": "#112233", "days": "15", "terms_es": "A 30 días"}
    assert client.post(reverse("quotes:settings"), paper | {"colour": "red"}).status_code == 422
    assert client.post(reverse("quotes:settings"), paper).status_code == 302
    assert (QuotePaper.objects.get().days, QuotePaper.objects.get().colour) == (15, "#112233")
    said = {"name": "Much off", "field": "most_discount", "limit": "12", "who": "lead",
            "is_active": "on"}  # fmt: skip
    assert client.post(reverse("quotes:new_rule"), said).status_code == 302
    rule = ApprovalRule.objects.get()
    assert rule.criterion == {"field": "most_discount", "op": "gt", "value": 12}
    path = reverse("quotes:rule", args=[rule.public_id])
    assert "Much off" in client.get(path).content.decode()
    assert client.post(path, said | {"criterion": "{"}).status_code == 422
    assert client.post(path, said | {"who": "role", "role": "admin"}).status_code == 302
    for field, op in (("total_at_home", "gt"), ("margin", "lt")):
        client.post(path, said | {"field": field})
        rule.refresh_from_db()
        assert rule.criterion == {"any": [{"field": field, "op": op, "value": 12},
                                          {"field": field, "op": "empty"}]}  # fmt: skip
        form = client.get(path).context["form"]
        assert (form["field"].value(), form["limit"].value()) == (field, 12)
    ApprovalRule.objects.update(criterion={"any": []})
    assert client.get(path).status_code == 200
    client.post(f"{path}/remove")
    assert not ApprovalRule.objects.exists()


def test_what_is_about_to_expire_and_what_waits_stand_on_today(client, seller):
    quote = make_quote(owner=seller)
    actions.send_quote(quote, by=seller)
    assert quote.called not in client.get("/").content.decode()
    make_approval_rule(criterion={"field": "total", "op": "gt", "value": 1}, who="person",
                       person=seller.pk)  # fmt: skip
    other = make_quote(owner=make_user(team=seller.team))
    actions.submit_quote(other, by=other.owner)
    assert other.called in client.get("/").content.decode()


def test_its_changes_are_told_and_those_of_a_draft_put_back(client, seller):
    quote = make_quote(owner=seller)
    page = client.get(f"{quote.get_absolute_url()}/changes")
    assert page.status_code == 200


def test_the_conditions_of_an_approval_are_a_limit_or_a_filter_of_the_list_of_quotes(client):
    client.force_login(make_user("admin", language="en"))
    new = reverse("quotes:new_rule")
    assert "/quotes?shape=table&amp;rule=new-rule" in client.get(new).content.decode()
    text = (
        '{"all":[{"field":"total","op":"gt","value":100},{"field":"margin","op":"lt","value":9}]}'
    )

    listed = client.get("/quotes", {"rule": "new-rule", "filter": text, "shape": "table"})
    (go,) = map(unescape, re.findall(rf'href="({new}\?[^"]*)"', listed.content.decode()))
    page = client.get(go).content.decode()
    (kept,) = map(unescape, re.findall(r'name="criterion" value="([^"]*)"', page))
    client.post(new, {"name": "Both", "criterion": kept, "who": "lead", "is_active": "on"})

    assert "Total is more than" in page and 'name="limit"' not in page
    assert ApprovalRule.objects.get().criterion == json.loads(text)
    assert "Total is more than" in client.get(reverse("quotes:settings")).content.decode()


def test_only_what_can_be_brought_in_from_a_file_offers_to(client):
    client.force_login(make_user("admin"))
    assert "/imports?as=leads" in client.get("/leads").content.decode()
    assert "/imports?as=" not in client.get("/quotes").content.decode()
