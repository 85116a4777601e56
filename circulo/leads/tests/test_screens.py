"""The pages of leads: the list, a lead, its acts, the settings."""

import json
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from circulo.agenda.models import Entry
from circulo.leads.models import Lead, LeadDesk, LeadReason, RouteRule, ScoreRule, WebForm
from circulo.records.actions.own_fields import add_field
from circulo.sales.models import Deal
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_form,
    make_interaction,
    make_lead,
    make_route_rule,
    make_team,
    make_user,
)
from circulo.timeline.kinds import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user(team=make_team(), language="en", region="en-GB")


@pytest.fixture
def here(owner):
    client = Client()
    client.force_login(owner)
    return client


def html(answer):
    return answer.content.decode()


def test_the_list_costs_the_same_for_one_lead_as_for_many(here, owner):
    make_lead(owner=owner)
    here.get("/leads")
    one = query_cost(here.get, "/leads")
    for _n in range(5):
        make_lead(owner=owner, company="Duero", party=make_contact().public_id)
    assert query_cost(here.get, "/leads") == one
    assert query_cost(here.get, "/leads?shape=board&by=status") < 30


def test_today_shows_who_waits_the_overdue_first(here, owner):
    fine, late = make_lead(owner=owner), make_lead(owner=owner, given_name="Tarde")
    Lead.objects.filter(pk=late.pk).update(answer_due_at="2026-01-01T00:00Z")
    queued = make_lead(columns={"team_id": owner.team_id}, given_name="Cola")
    page = html(here.get("/"))
    assert page.index("Tarde") < page.index(str(fine)) and str(queued) in page
    here.get("/")
    one = query_cost(here.get, "/")
    make_lead(owner=owner)
    assert query_cost(here.get, "/") == one


def test_a_lead_says_why_it_is_scored_so_and_whose_it_is(here, owner):
    make_route_rule(owner, label="Web leads")
    lead = make_lead(company="Duero", phone="612345678", message="I want samples")
    page = html(here.get(f"/leads/{lead.public_id}"))
    for text in ("Web leads", "I want samples", "tel:+34612345678", "+20"):
        assert text in page
    assert here.get(f"/leads/{lead.public_id}/peek").status_code == 200


def test_a_lead_speaks_a_language_and_no_code(here, owner):
    page = here.get(make_lead(owner=owner, language="es").get_absolute_url()).content.decode()
    assert "<dd>Spanish</dd>" in page


def test_somebody_elses_lead_is_not_found_and_may_not_be_changed(here, owner):
    other = make_lead(owner=make_user(team=make_team()))
    mate = make_lead(owner=make_user(team=owner.team))
    for act in ("", "/edit", "/convert", "/discard", "/changes", "/peek"):
        assert here.get(f"/leads/{other.public_id}{act}").status_code == 404
    for act in ("edit", "convert", "discard"):
        assert here.get(f"/leads/{mate.public_id}/{act}").status_code == 403
    for act in ("take", "answer", "reopen", "accept", "bin", "plan", "recognise"):
        assert here.post(f"/leads/{mate.public_id}/{act}").status_code in (302, 403)
    mate.refresh_from_db()
    assert (mate.status, mate.binned_at, mate.answered_at) == ("new", None, None)


def test_a_lead_is_written_down_by_hand_once_however_often_it_is_sent(here, owner):
    said = {"given_name": "Ana", "company": "Duero", "email": "a@duero.example",
            "owner": owner.opaque, "tags": "vip, feria", "once": "abc"}  # fmt: skip
    assert here.post("/leads/new", {"message": "x"}).status_code == 422
    for _n in range(2):
        answer = here.post("/leads/new", said)
    lead = Lead.objects.get()
    assert answer["Location"] == lead.get_absolute_url()
    assert (lead.owner, lead.tags, lead.created_by) == (owner, ["vip", "feria"], owner)
    here.post(f"/leads/{lead.public_id}/edit", said | {"company": "Tormes"})
    lead.refresh_from_db()
    assert lead.company == "Tormes" and lead.version == 2
    assert "Tormes" in html(here.get(f"/leads/{lead.public_id}/changes"))


def test_a_mail_becomes_a_lead_of_whoever_wrote_it(here, owner):
    ana = make_contact(owner=owner)
    told = make_interaction(party=ana, kind=Kind.EMAIL, direction="in", body="Prices?", by=owner)
    page = html(here.get(f"/interactions/{told.public_id}"))
    assert f"/leads/new?interaction={told.public_id}" in page
    assert "Prices?" in html(here.get("/leads/new", {"interaction": told.public_id}))
    for _n in range(2):
        here.post("/leads/new", {"interaction": told.public_id, "given_name": "Ana",
                                 "message": "Prices?", "owner": owner.opaque})  # fmt: skip
    lead = Lead.objects.get()
    assert (lead.party, lead.interaction, lead.channel) == (ana, told, "email")


def test_a_lead_is_answered_planned_for_recognised_and_converted_on_its_page(here, owner):
    ana = make_contact(given_name="Ana", first_surname="Ruiz", owner=owner)
    lead = make_lead(owner=owner, given_name="Ana", first_surname="Ruiz", company="Duero")
    path = f"/leads/{lead.public_id}"
    assert "perhaps" in html(here.get(path))

    here.post(f"{path}/recognise", {"party": ana.public_id})
    here.post(f"{path}/plan", {"title": "Send samples", "kind": "todo", "day": "2026-12-01"})
    here.post(f"{path}/answer", {"how": "call", "note": "Wants samples"})
    lead.refresh_from_db()
    assert lead.party == ana and lead.answered_at and Entry.objects.get().party == ana

    assert "Ana Ruiz" in html(here.get(f"{path}/convert"))
    answer = here.post(f"{path}/convert", {"contact": ana.public_id, "company": "new",
                       "begins_deal": "on", "title": "Samples", "amount": "1,200"})  # fmt: skip
    deal = Deal.objects.get(leads=lead)
    assert answer["Location"] == deal.get_absolute_url()
    assert (deal.title, deal.amount) == ("Samples", Decimal(1200))
    assert here.post(f"{path}/convert", {"contact": ana.public_id}).status_code == 409


def test_whoever_undoes_a_conversion_on_the_page_of_its_deal_is_led_to_the_lead(here, owner):
    lead = make_lead(owner=owner, company="Duero")
    path = f"/leads/{lead.public_id}/convert"
    deal = here.post(path, {"contact": "new", "company": "new", "begins_deal": "on"})["Location"]
    undo = re.findall(r'action="(/changes/\w+/undo)"', html(here.get(deal)))[0]

    answer = here.post(undo, headers={"Referer": f"http://testserver{deal}"})

    assert answer["Location"] == f"/leads/{lead.public_id}"
    assert here.get(deal).status_code == 404


def test_own_fields_that_deals_must_have_are_asked_for_when_a_lead_is_converted(here, owner):
    field = add_field("deals", "text", {"label_es": "Depot", "is_required": True}, by=None)
    add_field("deals", "text", {"label_es": "Whim"}, by=None)
    lead = make_lead(owner=owner, company="Duero")
    path = f"/leads/{lead.public_id}/convert"
    said = {"contact": "new", "company": "new", "title": "Samples"}
    asked = html(here.get(path))
    assert "Depot" in asked and "Whim" not in asked

    refused = here.post(path, said | {"begins_deal": "on"})
    assert refused.status_code == 422 and refused.context["form"].errors.keys() == {field.name}
    here.post(path, said | {"begins_deal": "on", field.name: "Irún"})
    assert Deal.objects.get(leads=lead).custom == {field.key: "Irún"}

    other = make_lead(owner=owner)
    here.post(f"/leads/{other.public_id}/convert", {"contact": "new"})
    assert Lead.objects.get(pk=other.pk).status == "converted"


def test_what_a_lead_leads_to_out_of_sight_stays_when_something_else_is_put_right(here, owner):
    field = add_field("leads", "link", {"label_es": "Brought by", "target": "contact"}, by=None)
    hidden = make_contact(given_name="Nadie", owner=make_user(team=make_team("Sur")))
    lead = make_lead(owner=owner, custom={field.key: hidden.public_id})
    path = f"/leads/{lead.public_id}/edit"
    form = here.get(path).context["form"]
    said = {name: form[name].value() or "" for name in form.fields} | {"city": "Irún"}
    here.post(path, said)
    lead.refresh_from_db()
    assert (lead.city, lead.custom) == ("Irún", {field.key: hidden.public_id})


def test_what_is_written_in_lines_stays_in_lines(here, owner):
    lead, reason = make_lead(owner=owner), LeadReason.objects.earliest("pk")
    said = {"reason": reason.public_id, "note": "Too small:\r\n- ten boxes"}
    here.post(f"/leads/{lead.public_id}/discard", said)
    lead.refresh_from_db()
    assert lead.reason_note == "Too small:\n- ten boxes"


def test_a_lead_is_discarded_with_a_reason_and_opened_again(here, owner):
    lead = make_lead(owner=owner)
    path, reason = f"/leads/{lead.public_id}", LeadReason.objects.earliest("pk")
    assert here.post(f"{path}/discard", {}).status_code == 422
    here.post(f"{path}/discard", {"reason": reason.public_id, "note": "Too small"})
    assert "Too small" in html(here.get(path))
    here.post(f"{path}/reopen")
    lead.refresh_from_db()
    assert lead.status == "working"


def test_many_are_given_and_discarded_at_once(owner):
    chief = make_user("manager", team=owner.team)
    here = Client()
    here.force_login(chief)
    leads = [make_lead(owner=chief) for _n in range(3)]
    chosen = {"ids": [one.public_id for one in leads], "sure": "1"}
    here.post("/leads/bulk/owner", chosen | {"value": owner.opaque})
    assert Lead.objects.filter(owner=owner).count() == 3
    reason = LeadReason.objects.earliest("pk").public_id
    here.post("/leads/bulk/discard", chosen | {"value": reason})
    assert Lead.objects.filter(status="discarded").count() == 3


def test_a_card_is_moved_on_the_board_but_not_past_what_asks_for_more(here, owner):
    lead = make_lead(owner=owner)
    here.post(f"/leads/{lead.public_id}/card", {"by": "status", "value": "working"})
    lead.refresh_from_db()
    assert lead.status == "working"
    answer = here.post(f"/leads/{lead.public_id}/card", {"by": "status", "value": "converted"})
    assert answer.status_code in (302, 409)
    lead.refresh_from_db()
    assert lead.status == "working"


def test_the_page_of_a_party_shows_what_came_from_it(here, owner):
    firm, ana = make_company(name="Duero", owner=owner), make_contact(owner=owner)
    make_lead(owner=owner, given_name="Pepa", company="Duero", party=ana.public_id)
    for party in (firm, ana):
        assert "Pepa" in html(here.get(party.get_absolute_url()))
    assert "Pepa" in html(here.get("/search?q=pepa"))


def test_the_house_decides_how_leads_are_received():
    admin, seller = make_user("admin", language="en"), make_user()
    here = Client()
    here.force_login(admin)
    criterion = '{"field": "source", "op": "is", "value": "Web"}'
    desk = {"owner": seller.pk, "answer_minutes": 60, "first_hour": 8, "last_hour": 15}

    assert here.post("/settings/leads", desk | {"last_hour": 7}).status_code == 422
    here.post("/settings/leads", desk)
    here.post("/settings/leads/scores", {"label": "Web", "points": 10, "criteria": criterion,
                                         "is_active": "on"})  # fmt: skip
    here.post("/settings/leads/routes", {
        "label": "Web", "way": "turn", "criteria": criterion, "members": [seller.opaque],
        "knowing": f"{seller.email}: es en; vino, aceite", "is_active": "on",
    })  # fmt: skip
    bad: dict[str, Any] = {"label": "x", "way": "turn", "members": [seller.opaque]}
    wrong: list[dict[str, Any]] = [
        {"criteria": "{"}, {"criteria": '{"field": "no"}'}, {"members": []},
        {"knowing": "nobody@x.example: es"}, {"way": "queue"},
    ]  # fmt: skip
    for said in wrong:
        assert here.post("/settings/leads/routes", bad | said).status_code == 422

    rule, score = RouteRule.objects.get(), ScoreRule.objects.get(label="Web")
    member = rule.members.get()
    assert (member.languages, member.skills) == (["es", "en"], ["vino", "aceite"])
    assert LeadDesk.objects.get().answer_minutes == 60
    for path in ("", f"/scores/{score.public_id}", f"/routes/{rule.public_id}"):
        assert here.get(f"/settings/leads{path}").status_code == 200
    here.post(f"/settings/leads/routes/{rule.public_id}/remove")
    here.post(f"/settings/leads/scores/{score.public_id}/remove")
    here.post("/settings/leads/reasons", {"label": "Too far away"})
    assert not RouteRule.objects.exists() and LeadReason.objects.get(label="Too far away")


def test_a_form_is_made_and_taken_along(owner):
    here = Client()
    here.force_login(make_user("marketer", language="en"))
    said: dict[str, str] = {
            "name": "Web", "title": "Write to us", "language": "en", "is_active": "on",
            "ask-email": "on", "must-email": "on", "place-email": "2", "ask-name": "on",
            "place-name": "1", "label-name": "Who are you?", "consent-contact": "I agree.",
            "agree-contact": "on", "sites": "https://www.duero.example"}  # fmt: skip
    refused = {key: value for key, value in said.items() if key != "ask-email"}
    assert here.post("/settings/forms/new", refused).status_code == 422
    here.post("/settings/forms/new", said)

    form = WebForm.objects.get()
    assert [one["name"] for one in form.fields] == ["name", "email"]
    assert form.consents[0] == {"purpose": "contact", "text": "I agree.", "is_required": True,
                                "version": 1}  # fmt: skip
    page = html(here.get(f"/settings/forms/{form.public_id}"))
    assert "&amp;lt;" not in page and "&lt;iframe src=" in page and "Who are you?" in page
    assert html(here.get("/settings/forms")).count(form.name)
    make_form()
    other = Client()
    other.force_login(owner)
    assert other.get("/settings/forms").status_code == 403


def test_the_conditions_of_a_new_rule_are_a_filter_of_the_list_of_leads(client):
    client.force_login(make_user("admin", language="en"))
    assert "/leads?shape=table&amp;rule=new-score" in client.get("/settings/leads").content.decode()

    asked = {"field": "source", "op": "is", "value": "Web", "shape": "table", "rule": "new-score"}
    filtered = client.get(client.get("/leads/filter", asked)["Location"]).content.decode()
    (go,) = map(unescape, re.findall(r'href="(/settings/leads/scores\?[^"]*)"', filtered))
    page = client.get(go).content.decode()
    (kept,) = map(unescape, re.findall(r'name="criteria" value="([^"]*)"', page))
    said = {"label": "From the web", "points": 7, "criteria": kept, "is_active": "on"}
    client.post("/settings/leads/scores", said)

    rule = ScoreRule.objects.get(label="From the web")
    assert "Source is Web" in page and json.loads(kept) == rule.criteria
    assert client.get("/settings/leads").content.decode().count("Source is Web") == 1
    assert (
        "Source is Web" in client.get(f"/settings/leads/scores/{rule.public_id}").content.decode()
    )


def test_a_rule_that_is_there_gets_other_conditions_once_it_is_saved(client):
    client.force_login(make_user("admin", language="en"))
    rule = make_route_rule(make_user(), label="All")
    page = client.get(f"/leads?rule={rule.public_id}").content.decode()
    path = f"/settings/leads/routes/{rule.public_id}"
    assert "Ask for nothing" in page and f'href="{path}"' in page

    told = client.get(path, {"criteria": '{"field":"city","op":"is","value":"Soria"}'})

    assert "City is Soria" in told.content.decode() and "once you save" in told.content.decode()
    rule.refresh_from_db()
    assert rule.criteria == {}
    for odd in ("{", '{"field":"nada","op":"is"}', "[1]", "\0"):
        answer = client.get(path, {"criteria": odd})
        assert answer.status_code == 200 and "no good" in answer.content.decode(), odd


def test_whoever_decides_no_rules_is_told_nothing_of_them_by_the_list(client):
    rule = make_route_rule(make_user(), label="Hidden rule")
    client.force_login(make_user("manager", language="en"))
    assert "Hidden rule" not in client.get(f"/leads?rule={rule.public_id}").content.decode()


@pytest.mark.parametrize("number", ["12", "612 345 678"])
def test_a_phone_that_looks_incomplete_is_kept_and_warned_of(client, number):
    user = make_user(language="en", region="es-ES")
    client.force_login(user)
    warned = number == "12"
    words = "does not look like a complete phone number of Spain"

    typed = client.post("/parties/phones", {"phone": number}).content.decode()
    saved = client.post("/leads/new", {"given_name": "Ana", "phone": number, "owner": user.opaque})

    assert saved.status_code == 302
    lead = Lead.objects.get()
    pages = [typed] + [client.get(path).content.decode()
                       for path in (saved.url, f"{saved.url}/edit")]  # fmt: skip
    assert [words in page for page in pages] == [warned] * 3
    assert lead.phone == ("12" if warned else "+34612345678")
