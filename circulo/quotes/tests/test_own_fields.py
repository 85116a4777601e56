"""Own fields of quotes: written, hidden, revised, noted of what was sent, undone."""

import json
from urllib.parse import quote as quote_text

import pytest

from circulo.accounts.models import Role
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.quotes import actions, drafts
from circulo.quotes.dumps import dump_rows
from circulo.quotes.models import Quote
from circulo.quotes.shown import quotes_shown
from circulo.quotes.tests.steps import changed, sent
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import make_deal, make_quote, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def plazo():
    said = {"label_es": "Plazo de entrega", "label_en": "Delivery time"}
    return add_field("quotes", "number", said, key="plazo", by=make_user("admin"))


def test_own_fields_are_written_by_the_form_and_stand_on_the_page(client, plazo):
    quote = make_quote()
    client.force_login(quote.owner)
    form = client.get(f"{quote.get_absolute_url()}/edit").context["form"]
    said = {name: form[name].value() or "" for name in form.fields} | {"custom.plazo": "12"}

    assert client.post(f"{quote.get_absolute_url()}/edit", said).status_code == 302

    quote.refresh_from_db()
    assert quote.custom == {"plazo": 12} and quote.title == form["title"].value()
    page = client.get(quote.get_absolute_url()).content.decode()
    assert "Plazo de entrega" in page and "<dd>12</dd>" in page


def test_what_a_quote_needs_is_asked_when_it_is_begun(client, plazo):
    plazo.is_required = True
    plazo.save()
    user = make_user(team=make_team(), language="en")
    client.force_login(user)
    assert client.post("/quotes/new", {"title": "Wine"}).status_code == 422
    assert not Quote.objects.exists()
    said = {"title": "Wine", "custom.plazo": "3"}
    assert client.post("/quotes/new", said).status_code == 302
    assert Quote.objects.get().custom == {"plazo": 3}
    with pytest.raises(Invalid) as invalid:
        drafts.read({"title": "Wine"}, by=user)
    assert set(invalid.value.fields) == {"custom.plazo"}
    assert actions.quote_deal(make_deal(owner=user), by=user).custom == {}


def test_what_was_sent_stays_and_its_own_fields_go_on(client, plazo):
    quote = make_quote()
    sent(quote)
    client.force_login(quote.owner)
    address = f"{quote.get_absolute_url()}/edit"
    assert list(client.get(address).context["form"].fields) == ["custom.plazo"]
    assert client.post(address, {"custom.plazo": "5"}).status_code == 302
    with pytest.raises(RuleBroken):
        changed(quote, title="Other", custom={"plazo": 6})
    quote.refresh_from_db()
    assert quote.custom == {"plazo": 5} and quote.title != "Other"
    assert actions.revise_quote(quote, by=quote.owner).custom == {"plazo": 5}


def test_a_quote_that_waits_is_taken_back_to_change_its_own_fields(plazo):
    quote = make_quote()
    actions.submit_quote(quote, by=quote.owner)
    with pytest.raises(RuleBroken):
        changed(quote, custom={"plazo": 6})


def test_many_are_noted_at_once_and_undone(plazo):
    user = make_user("admin")
    quotes = [make_quote(owner=user, custom={"plazo": n}) for n in (1, 2)]
    sent(quotes[1])
    keys = [quote.pk for quote in quotes]
    with acting(user.pk, "screen") as act:
        assert actions.note_of_quotes(keys, {"plazo": 2}, by=user) == 1
        assert actions.note_of_quotes(keys, {"plazo": None}, by=user) == 2
    assert [quote.custom for quote in Quote.objects.order_by("pk")] == [{}, {}]
    undo = undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=user)
    assert (undo.kept, undo.refused) == (0, 0)
    rows = Quote.objects.order_by("pk")
    assert [quote.custom for quote in rows] == [{"plazo": 1}, {"plazo": 2}]


def test_one_of_them_is_put_back_with_what_else_was_changed(plazo):
    quote = make_quote(custom={"plazo": 1, "clave": "a"}, title="As it was")
    changed(quote, title="Other", custom={"plazo": 2})
    before = {"title": "As it was", "custom": {"plazo": 1, "clave": "a"}}
    actions.put_quote_back(quote, before, by=quote.owner)
    quote.refresh_from_db()
    assert (quote.title, quote.custom) == ("As it was", {"plazo": 1, "clave": "a"})


def test_who_does_not_see_a_field_finds_it_nowhere(client, plazo):
    boss = make_user("admin", language="en")
    user = make_user(team=make_team(), language="en")
    quote = make_quote(owner=user, custom={"plazo": 7})
    Role.objects.filter(pk="seller").update(hidden={"quotes": ["custom.plazo"]})
    user = type(user).objects.get(pk=user.pk)
    client.force_login(user)
    assert quotes_shown(user, [quote.pk])[0]["custom"] == {}
    assert quotes_shown(boss, [quote.pk])[0]["custom"] == {"plazo": 7}
    for address in ("", "/edit", "/changes"):
        assert (
            "Delivery time" not in client.get(quote.get_absolute_url() + address).content.decode()
        )
    with pytest.raises(Invalid):
        changed(quote, custom={"plazo": 8})


def test_they_are_filtered_sorted_changed_in_the_list_and_exported(client, plazo):
    boss = make_user("admin", language="en")
    low, high = (make_quote(owner=boss, custom={"plazo": days}) for days in (3, 9))
    client.force_login(boss)
    found = criterion({"field": "custom.plazo", "op": "gt", "value": 5})
    page = client.get(f"/quotes?columns=number,custom.plazo&filter={found}").content.decode()
    assert high.number in page and low.number not in page
    page = client.get("/quotes?columns=number,custom.plazo&sort=-custom.plazo").content.decode()
    assert page.index(high.number) < page.index(low.number)
    cell = f"/quotes/{low.public_id}/cell/custom.plazo"
    assert client.post(cell, {"value": "11"}).status_code == 302
    low.refresh_from_db()
    assert low.custom == {"plazo": 11}
    names, rows = dump_rows(Quote.objects.order_by("pk"), boss)
    assert [dict(zip(names, row, strict=True))["custom.plazo"] for row in rows] == [11, 9]


def test_a_page_of_quotes_costs_the_same_with_own_fields(plazo):
    boss = make_user("admin")
    make_quote(owner=boss, custom={"plazo": 1})
    one = query_cost(quotes_shown, boss, list(Quote.objects.values_list("pk", flat=True)))
    for days in range(4):
        make_quote(owner=boss, custom={"plazo": days})
    keys = list(Quote.objects.values_list("pk", flat=True))
    assert query_cost(quotes_shown, boss, keys) == one


def criterion(said):
    return quote_text(json.dumps(said))
