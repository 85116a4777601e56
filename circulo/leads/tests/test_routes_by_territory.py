"""Leads that go to whoever works in their territory: known ones, strangers, nearest first."""

from typing import Any

import pytest

from circulo.leads import actions
from circulo.leads.conversions import read_conversion
from circulo.leads.drafts import read
from circulo.leads.models import Lead, RouteRule
from circulo.leads.places import territories_of
from circulo.leads.words import route_in_words
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid
from circulo.parties.models import Party
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_lead,
    make_route_rule,
    make_team,
    make_territory,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NORTH = {"field": "province", "op": "in", "value": ["48", "09"]}
ABROAD = {"all": [{"field": "country", "op": "empty", "value": False},
                  {"not": {"field": "country", "op": "is", "value": "ES"}}]}  # fmt: skip
BURGOS: dict[str, Any] = {"postal_code": "09003", "country": "ES"}


def _owners(count: int, **said: Any) -> list[Any]:
    return [make_lead(**said).owner for _n in range(count)]


def test_a_lead_goes_to_whoever_works_in_its_territory_by_turn():
    nerea, pablo, south = make_user(), make_user(), make_user()
    make_territory("Norte", NORTH, people_rule=NORTH, members=[nerea, pablo])
    make_territory("Sur", ABROAD, people_rule=ABROAD, members=[south])
    make_route_rule(label="Zona", needs_territory=True)

    assert _owners(3, **BURGOS) == [nerea, pablo, nerea]
    assert _owners(1, country="FR") == [south]
    assert _owners(1, country="ES", region="Cádiz") == [None]
    said = route_in_words(Lead.objects.filter(owner=pablo).get().route)
    assert "it was their turn among 2 people" in said
    assert "They work in the territory “Norte”." in said


def test_whoever_has_fewest_in_the_territory_gets_it():
    busy, free = make_user(), make_user()
    make_territory("Norte", NORTH, people_rule=NORTH, members=[busy, free])
    make_lead(owner=busy), make_lead(owner=busy), make_lead(owner=free)
    make_route_rule(needs_territory=True, way="load")
    assert _owners(3, **BURGOS) == [free, busy, free]


def test_of_those_whom_a_rule_names_only_who_works_there():
    north, other, everywhere = make_user(), make_user(), make_user()
    spain = make_territory("España", members=[everywhere])
    make_territory("Norte", NORTH, people_rule=NORTH, parent=spain, members=[north, other])
    make_route_rule(north, everywhere, needs_territory=True)
    assert _owners(2, **BURGOS) == [north, north]


def test_nearest_first_then_the_manager_then_those_around():
    gone, chief = make_user(is_active=False), make_user("manager")
    around = make_user("manager")
    spain = make_territory("España", manager=around)
    north = make_territory("Norte", NORTH, people_rule=NORTH, parent=spain,
                           members=[gone], manager=chief)  # fmt: skip
    make_route_rule(needs_territory=True)
    assert _owners(2, **BURGOS) == [chief, chief]

    north.manager = None
    north.save()
    assert _owners(1, **BURGOS) == [around]


def test_the_team_of_the_lead_is_that_of_whoever_gets_it():
    team = make_team()
    make_territory("Norte", NORTH, people_rule=NORTH, members=[make_user(team=team)])
    make_route_rule(needs_territory=True)
    assert make_lead(**BURGOS).team == team


def test_a_known_contact_lies_where_it_lies_whatever_the_lead_says():
    north, abroad = make_user(), make_user()
    make_territory("Norte", NORTH, people_rule=NORTH, members=[north])
    make_territory("Fuera", ABROAD, people_rule=ABROAD, members=[abroad])
    make_contact(emails=["ana@duero.example"], addresses=[BURGOS])
    make_company(name="Bodega Duero", addresses=[{"city": "Porto", "country": "PT"}])
    make_route_rule(needs_territory=True)
    assert make_lead(email="ana@duero.example", country="FR").owner == north
    assert make_lead(company="Bodega Duero", **BURGOS).owner == abroad


def test_a_newcomer_of_a_territory_has_their_turn():
    nerea, pablo = make_user(), make_user()
    north = make_territory("Norte", NORTH, people_rule=NORTH, members=[nerea])
    make_route_rule(needs_territory=True)
    assert _owners(2, **BURGOS) == [nerea, nerea]
    north.members.add(pablo)
    assert _owners(3, **BURGOS) == [pablo, nerea, pablo]


def test_the_rule_asks_for_language_and_skill_only_of_people_it_names():
    ana = make_user()
    make_territory("Norte", NORTH, people_rule=NORTH, members=[ana])
    with pytest.raises(Invalid) as refused:
        make_route_rule(needs_territory=True, needs_skill=True)
    assert "members" in refused.value.fields
    with pytest.raises(Invalid):
        make_route_rule()

    rule = make_route_rule({"user_id": ana.pk, "skills": ["vino"]}, needs_territory=True,
                           needs_skill=True)  # fmt: skip
    assert make_lead(tags=["aceite"], **BURGOS).owner is None
    assert make_lead(tags=["vino"], **BURGOS).owner == ana
    with pytest.raises(Invalid):
        actions.change_route_rule(rule, {}, [], by=None)
    actions.change_route_rule(rule, {"needs_skill": False}, [], by=None)
    assert make_lead(tags=["aceite"], **BURGOS).owner == ana


def test_a_turn_is_no_change_of_the_rule_and_outlives_one():
    by, first, second = make_user("admin"), make_user(), make_user()
    rule = make_route_rule(first, second)
    assert _owners(1) == [first]
    with acting(by.pk, "screen"):
        actions.change_route_rule(rule, {"label": "Otra"}, by=by)
    assert _owners(2) == [second, first]
    undo_changes(ChangeSet.objects.filter(by=by).latest("pk"), by=by)
    assert (RouteRule.objects.get().label, _owners(1)) == (rule.label, [second])


def test_a_rule_that_gave_leads_is_undone_and_comes_back():
    by, first, second = make_user("admin"), make_user(), make_user()
    with acting(by.pk, "screen"):
        rule = make_route_rule(first, second)
    added = ChangeSet.objects.latest("pk")
    assert _owners(1) == [first]
    with acting(by.pk, "screen"):
        actions.remove_route_rule(rule, by=by)
    assert _owners(1) == [None]
    undo_changes(ChangeSet.objects.filter(by=by).latest("pk"), by=by)
    assert set(_owners(2)) == {first, second}
    undo_changes(added, by=by)
    assert not RouteRule.objects.exists()


def test_a_load_of_many_gives_each_its_own_and_costs_no_more():
    north, abroad = make_user(), make_user()
    make_territory("Norte", NORTH, people_rule=NORTH, members=[north])
    make_territory("Fuera", ABROAD, people_rule=ABROAD, members=[abroad])
    make_route_rule(needs_territory=True)
    drafts = [_draft(**(BURGOS if n % 2 else {"country": "PT"})) for n in range(40)]
    actions.add_leads(drafts[:2], by=None)
    few = query_cost(lambda: actions.add_leads(drafts[2:6], by=None))
    many = query_cost(lambda: actions.add_leads(drafts[6:], by=None))
    assert many == few
    assert set(Lead.objects.values_list("owner", "country")) == {
        (north.pk, "ES"), (abroad.pk, "PT")
    }  # fmt: skip


RULES: list[Any] = [
    NORTH,
    ABROAD,
    {"field": "postal_code", "op": "between", "value": ["09000", "09999"]},
    {"field": "city", "op": "is", "value": "Soria"},
    {"field": "name", "op": "contains", "value": "duero"},
    {"field": "source", "op": "empty", "value": True},
    {"field": "emails", "op": "contains", "value": "@duero"},
    {"field": "tags", "op": "empty", "value": True},
    {"field": "phones", "op": "empty", "value": True},
    {"not": {"field": "language", "op": "is", "value": "es"}},
]
SAID: list[dict[str, Any]] = [
    BURGOS,
    {"city": "soria", "country": "ES"},
    {"country": "PT", "postal_code": "4000-012", "city": "Porto"},
    {"company": "Bodegas Duero"},
    {"given_name": "Duero", "language": "es", "phone": "+34 600 111 222"},
    {"email": "una@duero.example", "source": "Web", "country": "FR", "city": "Pau"},
]


@pytest.mark.parametrize("number", range(len(RULES)))
def test_a_stranger_lies_where_the_party_will_lie_that_it_becomes(number):
    by = make_user("admin")
    for_people = RULES[number]
    of_companies = {"field": "name", "op": "contains", "value": "x"} if number in (6, 9) else None
    make_territory("Aquí", of_companies or for_people, people_rule=for_people)
    for said in SAID:
        lead = make_lead(**said)
        foreseen = territories_of([lead.pk])[lead.pk]
        made = actions.convert_lead(lead, read_conversion({}, lead, by=by), by=by)
        (key,) = filter(None, [made.company_party_id or made.party_id])
        party = Party.objects.get(pk=key)
        assert foreseen == party.territory_id, (for_people, said)


def test_a_rule_that_names_nobody_is_made_on_its_page(client):
    by = make_user("admin", language="en", region="en-GB")
    client.force_login(by)
    said = {"label": "Zona", "way": "turn"}
    refused = client.post("/settings/leads/routes", said)
    assert refused.status_code == 422 and "Say to whom leads go." in refused.content.decode()

    said["needs_territory"] = "on"
    page = client.post("/settings/leads/routes", said, follow=True).content.decode()
    assert "By turn: among those who work in its territory" in page
    rule = RouteRule.objects.get()
    again = client.get(f"/settings/leads/routes/{rule.public_id}").content.decode()
    assert 'name="needs_territory"' in again and "checked" in again
    client.post(f"/settings/leads/routes/{rule.public_id}",
                said | {"members": [make_user(name="Nerea").opaque]})  # fmt: skip
    page = client.get("/settings/leads").content.decode()
    assert "By turn: Nerea, if they work in its territory" in page


def test_a_post_code_is_kept_as_the_country_writes_it():
    assert make_lead(postal_code="9003").postal_code == "09003"
    assert make_lead(postal_code="sw1a1aa", country="GB").postal_code == "SW1A 1AA"
    with pytest.raises(Invalid) as refused:
        make_lead(postal_code="x" * 13)
    assert "postal_code" in refused.value.fields


def test_a_code_of_ours_on_a_form_that_asks_for_no_country_lies_at_home():
    said = {"given_name": "Eva", "postal_code": "9003"}
    assert read(said, by=None).columns["country"] == "ES"
    assert "country" not in read(said | {"postal_code": "4000-012"}, by=None).columns
    assert read(said | {"country": "FR"}, by=None).columns["postal_code"] == "09003"
    assert "country" not in read(said, by=make_user("admin")).columns


def _draft(**said: Any) -> Any:

    return read({"given_name": "Eva"} | said, by=None)
