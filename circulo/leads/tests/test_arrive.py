"""How leads come in: known people are recognised, rules score them and say whose they are."""

import threading

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts import news
from circulo.accounts.models import Notification
from circulo.leads import actions
from circulo.leads.drafts import read
from circulo.leads.models import Lead, ScoreRule
from circulo.leads.rulebook import rulebook
from circulo.leads.words import route_in_words
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.records.actions.putting_back import put_value_back
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import Change, ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_lead,
    make_route_rule,
    make_score_rule,
    make_team,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_whoever_is_known_by_their_address_is_recognised_and_their_timeline_told():
    known = make_contact(emails=["ana@duero.example"])

    lead = make_lead(email="Ana@Duero.example", message="Is it still to be had?")

    assert lead.party == known and Party.objects.count() == 1
    told = Interaction.objects.get(kind=Kind.LEAD_CAME)
    assert (told.party, told.about_kind, told.about_id) == (known, "lead", lead.pk)
    assert "still to be had" not in told.body


def test_a_phone_written_as_at_home_recognises_too():
    known = make_contact(phones=["+34612345678"])
    assert make_lead(email="", phone="612 34 56 78").party == known


def test_several_who_fit_are_not_taken_for_one():
    make_contact(emails=["info@duero.example"])
    make_contact(emails=["info@duero.example"])

    lead = make_lead(email="info@duero.example")

    assert lead.party is None and Party.objects.count() == 2


def test_an_address_and_a_phone_of_two_people_link_neither():
    make_contact(emails=["a@duero.example"])
    make_contact(phones=["612345678"])
    assert make_lead(email="a@duero.example", phone="612345678").party is None


def test_a_company_is_recognised_by_its_name_and_who_is_in_the_bin_by_nothing():
    firm = make_company(name="Bodegas Núñez")
    gone = make_contact(emails=["b@duero.example"])
    Party.objects.filter(pk=gone.pk).update(binned_at="2026-01-01T00:00Z")

    lead = make_lead(company="BODEGAS núñez", email="b@duero.example")

    assert (lead.company_party, lead.party) == (firm, None)


def test_a_score_is_the_points_of_what_it_fulfils_with_its_reasons():
    ScoreRule.objects.all().delete()
    make_score_rule(30, label="From the fair",
                    criteria={"field": "source", "op": "is", "value": "Feria"})  # fmt: skip
    make_score_rule(-50, label="Abroad", criteria={"field": "country", "op": "is", "value": "FR"})
    make_score_rule(90, label="Everybody")

    fair, abroad = make_lead(source="Feria"), make_lead(country="FR")

    assert (fair.score, abroad.score) == (100, 40)
    assert [one["label"] for one in fair.score_reasons] == ["Everybody", "From the fair"]
    assert fair.scored_at and fair.version == 1


def test_when_rules_change_all_leads_are_scored_anew():
    ScoreRule.objects.all().delete()
    news.renew()
    lead = make_lead()
    make_score_rule(25)

    actions.score_every_lead()

    lead.refresh_from_db()
    assert (lead.score, lead.version) == (25, 1)


def test_what_is_put_back_of_a_lead_is_scored_as_it_is_then():
    by = make_user("admin")
    lead = make_lead(country="FR")
    with acting(by.pk, "screen") as edit:
        actions.change_lead(lead, read({"country": "ES"}, by=by, lead=lead), by=by)
    make_score_rule(50, label="Abroad", criteria={"field": "country", "op": "is", "value": "FR"})
    scores = set(Lead.objects.values_list("score", flat=True))

    change = Change.objects.get(change_set=edit.latest, kind="lead")
    put_value_back(change, "country", by=by)

    lead.refresh_from_db()
    assert lead.country == "FR" and lead.score not in scores
    assert "Abroad" in {one["label"] for one in lead.score_reasons}


def test_a_rule_whose_addition_is_undone_scores_nobody_any_more():
    by, rules = make_user("admin"), ScoreRule.objects.count()
    with acting(by.pk, "screen"):
        actions.add_score_rule({"label": "Everybody", "points": 25}, by=by)
    undo_changes(ChangeSet.objects.latest("pk"), by=by)
    lead = make_lead()
    assert len(rulebook().scores) == ScoreRule.objects.count() == rules
    assert "Everybody" not in {one["label"] for one in lead.score_reasons}
    assert ProcrastinateJob.objects.filter(task_name="leads.score_every_lead").exists()


def test_a_rule_that_asks_for_what_no_lead_has_is_refused():
    with pytest.raises(Invalid) as refused:
        make_score_rule(criteria={"field": "shoe_size", "op": "is", "value": "40"})
    assert "criteria" in refused.value.fields


def test_a_rule_gives_leads_by_turn_and_says_why():
    first, second = make_user(), make_user()
    make_route_rule(first, second, label="Web")

    owners = [make_lead().owner for _n in range(4)]

    assert owners == [first, second, first, second]
    assert "“Web”" in route_in_words(Lead.objects.latest("pk").route)
    assert Notification.objects.filter(to=first, kind="leads.came").count() == 2


def test_whoever_left_gets_no_more_leads():
    first, second = make_user(), make_user(is_active=False)
    make_route_rule(first, second)
    assert {make_lead().owner for _n in range(3)} == {first}


def test_a_rule_gives_leads_to_whoever_has_fewest():
    busy, free = make_user(), make_user()
    make_lead(owner=busy), make_lead(owner=busy), make_lead(owner=free)
    make_route_rule(busy, free, way="load")
    assert [make_lead().owner for _n in range(3)] == [free, busy, free]


def test_a_lead_goes_to_who_speaks_its_language_and_knows_about_it():
    carmen, john = make_user(), make_user()
    make_route_rule({"user_id": carmen.pk, "languages": ["es"], "skills": ["Vino"]},
                    {"user_id": john.pk, "languages": ["en", "es"], "skills": ["Aceite"]},
                    needs_language=True, needs_skill=True)  # fmt: skip

    assert make_lead(language="en", tags=["aceite"]).owner == john
    assert make_lead(language="es", tags=["vino"]).owner == carmen
    assert make_lead(language="en", tags=["vino"]).owner is None


def test_the_first_rule_that_fits_decides_and_the_house_has_the_rest():
    chief, north = make_user("manager"), make_user()
    actions.change_lead_desk({"owner": chief}, by=None)
    make_route_rule(north, criteria={"field": "region", "op": "is", "value": "Burgos"})

    assert make_lead(region="Burgos").owner == north
    rest = make_lead(region="Cádiz")
    assert rest.owner == chief and "No rule" in route_in_words(rest.route)


def test_a_queue_is_seen_by_its_team_and_one_of_them_takes_it():
    team = make_team()
    ana, luis, other = make_user(team=team), make_user(team=team), make_user(team=make_team())
    make_route_rule(way="queue", team=team)
    lead = make_lead()

    seen = [Lead.objects.visible_to(user).exists() for user in (ana, luis, other)]
    assert (lead.owner, lead.team, seen) == (None, team, [True, True, False])

    assert actions.take_lead(lead, by=ana).owner == ana
    with pytest.raises(Exception, match="has just taken it"):
        actions.take_lead(lead, by=luis)


def test_whoever_is_named_as_the_owner_has_it():
    ana, luis = make_user(), make_user()
    make_route_rule(luis)
    assert make_lead(owner=ana).owner == ana


@pytest.mark.parametrize(
    "said",
    [{}, {"message": "hola"}, {"email": "no"}, {"email": ["a@b.es"]}, {"given_name": "a\0b"},
     {"given_name": "a", "country": "España"}, {"given_name": "a", "score": 99},
     {"given_name": "a", "status": "converted"}, {"given_name": "x" * 101},
     {"given_name": "\ud800"}, {"given_name": "a", "tags": "vip"}, {"given_name": "a", "owner": 7}],
)  # fmt: skip
def test_what_is_no_lead_is_refused(said):
    with pytest.raises(Invalid):
        read(said, by=make_user("admin"))


def test_many_leads_cost_what_one_does():
    make_route_rule(make_user(), make_user())
    by = make_user("admin")

    def add(count):
        drafts = [read({"email": f"e{n}@x{count}.example", "company": f"F{n}"}, by=by)
                  for n in range(count)]  # fmt: skip
        return query_cost(lambda: actions.add_leads(drafts, by=by))

    add(1)
    assert add(30) == add(1)


@pytest.mark.django_db(transaction=True)
def test_turns_are_exact_however_many_come_at_once():
    people = [make_user() for _n in range(4)]
    make_route_rule(*people)
    begin = threading.Barrier(8)
    faults = []

    def come():
        try:
            begin.wait()
            for _n in range(5):
                make_lead()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    assert [Lead.objects.filter(owner=one).count() for one in people] == [10] * 4
    assert connection.vendor == "postgresql"
