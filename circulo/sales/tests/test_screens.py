"""The pages of deals and of pipelines."""

import html
import re

import pytest
from django.urls import reverse

from circulo.accounts.models import Role, User
from circulo.records.actions.own_fields import add_field
from circulo.sales import actions
from circulo.sales.drafts import Draft
from circulo.sales.models import Deal, Pipeline, Reason
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_product,
    make_reason,
    make_task,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


def test_the_page_of_a_deal_shows_all_that_is_known_of_it(client, seller):
    firm, ana = make_company(owner=seller, name="Hotel Sol"), make_contact(owner=seller)
    deal = make_deal(
        owner=seller, party=firm, amount="1234.5", title="Vino", tags=["feria"],
        people=[{"party": ana.public_id, "part": "decides"}],
        rivals=[{"name": "Bodegas Sur", "strength": "strong"}],
        shares=[{"user": make_user(name="Luis Share").opaque, "percent": 30}],
    )  # fmt: skip
    actions.put_steps([(make_task(owner=seller, title="Llamar a Ana"), deal.pk)], by=seller)
    page = client.get(deal.get_absolute_url()).content.decode()
    for told in ("1.234,50", "Hotel Sol", ana.name, "Bodegas Sur", "Luis Share", "Llamar a Ana",
                 "feria", "Deal opened"):  # fmt: skip
        assert told in page


def test_the_page_costs_the_same_however_many_people_and_rivals_there_are(client, seller):
    deal = make_deal(owner=seller)
    client.get(deal.get_absolute_url())
    one = query_cost(client.get, deal.get_absolute_url())
    people = [{"party": make_contact(owner=seller).public_id} for _n in range(3)]
    more = make_deal(owner=seller, people=people, rivals=[{"name": "a"}, {"name": "b"}])
    assert query_cost(client.get, more.get_absolute_url()) == one


def test_a_deal_is_added_and_changed_by_its_form(client, seller):
    firm = make_company(owner=seller, name="Hotel Sol")
    stage = Pipeline.objects.get().stages.in_order()[1]
    said = {"title": "Cien cajas", "other": "Hotel Sol", "amount": "1.500,25", "currency": "EUR",
            "stage": stage.public_id, "owner": seller.opaque, "tags": "a, b"}  # fmt: skip
    answer = client.post(reverse("sales:new"), said)
    deal = Deal.objects.get()
    assert (answer.status_code, answer.url) == (302, deal.get_absolute_url())
    assert (deal.party, str(deal.amount), deal.stage, deal.tags) == (
        firm, "1500.2500", stage, ["a", "b"],
    )  # fmt: skip
    assert "1500,25" in client.get(reverse("sales:edit", args=[deal.public_id])).content.decode()

    answer = client.post(reverse("sales:edit", args=[deal.public_id]), said | {"title": "Más"})
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.title, str(deal.amount)) == ("Más", "1500.2500")


def test_who_has_a_deal_and_where_it_is_stay_as_they_are_in_its_form(client, seller):
    client.force_login(make_user("admin", language="en"))
    make_user(name="Ana")
    zoe = make_user(name="Zoe")
    old, stage = Pipeline.objects.get(), make_pipeline().stages.in_order()[0]
    deal = make_deal(owner=zoe, stage=stage)
    User.objects.filter(pk=zoe.pk).update(is_active=False)
    Pipeline.objects.filter(pk=stage.pipeline_id).update(is_active=False)
    assert old.is_active
    path = reverse("sales:edit", args=[deal.public_id])
    form = client.get(path).context["form"]
    for name, kept in (("owner", zoe.opaque), ("stage", stage.public_id)):
        assert f'value="{kept}" selected' in str(form[name])


def test_an_own_number_is_written_by_the_form_and_in_the_list(client, seller):
    add_field("deals", "number", {"label_es": "Barricas", "label_en": "Barrels"}, by=None)
    deal = make_deal(owner=seller)
    path = reverse("sales:edit", args=[deal.public_id])
    form = client.get(path).context["form"]
    said = {name: form[name].value() or "" for name in form.fields}
    assert client.post(path, said | {"custom.barricas": "12,5"}).status_code == 302
    deal.refresh_from_db()
    assert deal.custom == {"barricas": 12.5}
    cell = f"/deals/{deal.public_id}/cell/custom.barricas"
    assert client.post(cell, {"value": "7"}).status_code == 302
    deal.refresh_from_db()
    assert deal.custom == {"barricas": 7}


def test_lines_that_somebody_saved_meanwhile_are_not_overwritten(client, seller):
    product = make_product(price=10)
    deal = make_deal(owner=seller)
    path = reverse("sales:lines", args=[deal.public_id])
    page = client.get(deal.get_absolute_url())
    seen = page.context["lines_form"].stamp
    assert f'name="seen" value="{seen}"' in page.content.decode()
    said = {"product": product.name, "quantity": "2", "price": "", "discount": "",
            "description": "", "was": "", "seen": seen}  # fmt: skip
    actions.change_deal(deal, Draft({"title": "Meanwhile"}), by=seller)
    assert client.post(path, said).status_code == 302
    assert client.post(path, said | {"quantity": "5"}).status_code == 409
    assert deal.lines.get().quantity == 2
    answer = client.post(path, said | {"quantity": "0", "seen": ""})
    assert answer.status_code == 422 and deal.lines.get().quantity == 2


def test_a_form_with_faults_comes_back_with_what_was_typed(client, seller):
    said = {"title": "", "other": "Nadie", "amount": "mucho", "currency": "EUR",
            "owner": seller.opaque}  # fmt: skip
    answer = client.post(reverse("sales:new"), said)
    assert answer.status_code == 422
    assert 'value="Nadie"' in answer.content.decode()
    assert not Deal.objects.exists()


def test_a_stage_that_asks_for_more_is_told_at_the_form(client, seller):
    pipeline = make_pipeline({"name": "One"}, {"name": "Two", "required": ["amount"]})
    said = {"title": "x", "currency": "EUR", "stage": pipeline.stages.in_order()[1].public_id,
            "owner": seller.opaque}  # fmt: skip
    answer = client.post(reverse("sales:new"), said)
    assert answer.status_code == 409
    assert "is not ready for" in answer.content.decode()


def test_a_deal_is_moved_won_and_opened_again_from_its_page(client, seller):
    deal = make_deal(owner=seller)
    second = deal.pipeline.stages.in_order()[1]
    where = {"stage": second.public_id}
    assert client.post(reverse("sales:move", args=[deal.public_id]), where).status_code == 302
    assert client.get(reverse("sales:win", args=[deal.public_id])).status_code == 200
    client.post(reverse("sales:win", args=[deal.public_id]), {"note": "¡Sí!"})
    deal.refresh_from_db()
    assert (deal.stage, deal.outcome, deal.reason_note) == (second, "won", "¡Sí!")
    client.post(reverse("sales:reopen", args=[deal.public_id]))
    deal.refresh_from_db()
    assert deal.is_open


def test_a_deal_is_lost_only_for_a_reason(client, seller):
    deal, reason = make_deal(owner=seller), make_reason()
    address = reverse("sales:lose", args=[deal.public_id])
    assert client.post(address, {"note": "x"}).status_code == 422
    client.post(address, {"reason": reason.public_id})
    deal.refresh_from_db()
    assert (deal.outcome, deal.reason) == ("lost", reason)


def test_people_rivals_and_shares_come_and_go_one_by_one(client, seller):
    deal, ana, mate = make_deal(owner=seller), make_contact(owner=seller), make_user()
    client.post(reverse("sales:people", args=[deal.public_id]), {"who": ana.name, "part": "buys"})
    client.post(reverse("sales:rivals", args=[deal.public_id]), {"name": "Sur", "strength": "weak"})
    share = {"user": mate.opaque, "percent": "40"}
    client.post(reverse("sales:shares", args=[deal.public_id]), share)
    assert (deal.people.get().party, deal.rivals.get().name) == (ana, "Sur")
    assert deal.shares.get().percent == 40
    client.post(reverse("sales:people", args=[deal.public_id]), {"gone": ana.public_id})
    client.post(reverse("sales:rivals", args=[deal.public_id]), {"gone": "Sur"})
    client.post(reverse("sales:shares", args=[deal.public_id]), {"gone": mate.opaque})
    assert not (deal.people.exists() or deal.rivals.exists() or deal.shares.exists())


def test_a_step_is_planned_for_the_deal_and_its_party(client, seller):
    deal = make_deal(owner=seller)
    said = {"title": "Llamar", "kind": "call", "day": "2099-01-02"}
    client.post(reverse("sales:plan", args=[deal.public_id]), said)
    entry = deal.steps.get().entry
    assert (entry.title, entry.party, entry.owner) == ("Llamar", deal.party, seller)


def test_a_deal_goes_to_the_bin_and_comes_back(client, seller):
    deal = make_deal(owner=seller)
    client.post(reverse("sales:bin", args=[deal.public_id]))
    assert client.get(deal.get_absolute_url()).status_code == 404
    client.post(reverse("sales:restore", args=[deal.public_id]))
    assert client.get(deal.get_absolute_url()).status_code == 200


def test_the_deal_of_a_colleague_of_another_team_is_not_there(client, seller):
    deal = make_deal(owner=make_user(team=make_team()))
    for name in ("deal", "edit", "changes", "win"):
        assert client.get(reverse(f"sales:{name}", args=[deal.public_id])).status_code == 404


def test_what_the_role_does_not_see_is_not_on_the_page(client, seller):
    deal = make_deal(owner=seller, amount=4321, rivals=[{"name": "Bodegas Sur"}])
    Role.objects.filter(pk="seller").update(hidden={"deals": ["amount", "rivals"]})
    page = client.get(deal.get_absolute_url()).content.decode()
    assert "4.321" not in page
    assert "Bodegas Sur" not in page
    form = client.get(reverse("sales:edit", args=[deal.public_id])).content.decode()
    assert "4321" not in form


def test_an_administrator_makes_a_pipeline_of_stages_in_an_order(client):
    client.force_login(make_user("admin", language="en"))
    client.post(reverse("sales:pipelines"), {"name": "Export"})
    pipeline = Pipeline.objects.get(name="Export")
    stage = {"name": "Samples", "probability": "30", "required": ["amount"]}
    client.post(reverse("sales:new_stage", args=[pipeline.public_id]), stage)
    last = pipeline.stages.in_order().last()
    assert last is not None
    assert (last.name, last.required, last.entry) == ("Samples", ["amount"], {})
    client.post(reverse("sales:order_stage", args=[last.public_id]), {"way": "up"})
    assert [one.name for one in pipeline.stages.in_order()][2] == "Samples"
    wrong = stage | {"name": "Other", "probability": "101"}
    answer = client.post(reverse("sales:new_stage", args=[pipeline.public_id]), wrong)
    assert answer.status_code == 422
    client.post(reverse("sales:stage", args=[last.public_id]), stage | {"name": "Tasting"})
    last.refresh_from_db()
    assert last.name == "Tasting"


def test_the_conditions_of_a_stage_are_a_filter_of_the_list_of_deals(client):
    client.force_login(make_user("admin", language="en", region="en-GB"))
    stage = make_pipeline().stages.in_order()[1]
    address = reverse("sales:stage", args=[stage.public_id])
    page = client.get(address).content.decode()
    assert f"rule={stage.public_id}" in page and "No conditions" in page

    asked = {"field": "amount", "op": "gte", "value": "1000", "shape": "table",
             "rule": stage.public_id}  # fmt: skip
    made = client.get("/deals/filter", asked)
    filtered = client.get(made["Location"]).content.decode()
    (entry,) = map(html.unescape, re.findall(r'name="entry" value="([^"]*)"', filtered))
    assert "Ask for this" in filtered and stage.name in filtered
    client.post(reverse("sales:stage_conditions", args=[stage.public_id]), {"entry": entry})

    stage.refresh_from_db()
    assert stage.entry == {"field": "amount", "op": "gte", "value": "1000"}
    told = client.get(address).content.decode()
    said = re.search(r'<ul class="chips">(.*?)</ul>', told.split("Conditions</legend>", 1)[1], re.S)
    assert said and "Amount" in said[1] and "No conditions" not in told, said
    for odd in ("{", '{"field":"nada","op":"is"}', '{"x":1}', "[]"):
        client.post(reverse("sales:stage_conditions", args=[stage.public_id]), {"entry": odd})
        stage.refresh_from_db()
        assert stage.entry["field"] == "amount", odd
    client.post(reverse("sales:stage_conditions", args=[stage.public_id]), {"entry": ""})
    stage.refresh_from_db()
    assert stage.entry == {}


def test_a_stage_taken_out_leaves_its_deals_to_another(client):
    admin = make_user("admin")
    client.force_login(admin)
    pipeline = make_pipeline()
    first, second, _third = pipeline.stages.in_order()
    deal = make_deal(owner=admin, pipeline=pipeline)
    client.post(reverse("sales:remove_stage", args=[first.public_id]), {"to": ""})
    assert pipeline.stages.count() == 3
    client.post(reverse("sales:remove_stage", args=[first.public_id]), {"to": second.public_id})
    deal.refresh_from_db()
    assert (pipeline.stages.count(), deal.stage, deal.stays.get().stage) == (2, second, second)


def test_reasons_are_added_and_offered_no_more(client):
    client.force_login(make_user("admin"))
    client.post(reverse("sales:reasons"), {"outcome": "lost", "label": "La distancia"})
    reason = Reason.objects.get(label="La distancia")
    client.post(reverse("sales:reason", args=[reason.public_id]))
    reason.refresh_from_db()
    assert not reason.is_active


def test_only_administrators_decide_of_pipelines(client, seller):
    assert client.get(reverse("sales:pipelines")).status_code == 403
