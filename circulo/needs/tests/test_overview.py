"""What is known on the page of a party, in its overview, in filters and on Today."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.accounts.actions import add_token
from circulo.accounts.models import Role, User
from circulo.needs import actions
from circulo.needs.selectors.today import gaps
from circulo.parties.overview import overview
from circulo.records import criteria
from circulo.records.resources import resource
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_preference,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


def found(user, criterion):
    kind = resource("contacts")
    return set(criteria.narrow(kind.visible(user), kind, criterion, user))


def test_the_overview_ranks_what_is_known_and_says_what_to_ask(in_english):
    admin, ana = make_user("admin"), make_contact()
    wine = make_topic(weight=2, half_life_days=100)
    size = make_topic("number", weight=5, is_for_companies=True)
    make_topic(weight=10, is_for_contacts=False)
    make_preference(wine, "white", party=ana, said_at=ago(200))
    make_preference(party=ana, value="Ruido", sort="dislike", strength=-2, by=admin)

    needs = overview(admin, ana.public_id).panels["needs"]

    assert [row["words"] for row in needs["known"]] == ["Ruido", "White"]
    assert [row["certainty"] for row in needs["known"]] == [1.0, 0.25]
    assert needs["known"][0]["by"] == admin.name
    assert (needs["next"]["topic"], needs["next"]["worth"]) == (size.key, 5)
    assert needs["known"][1]["value"] == "white"


def test_the_overview_is_one_statement_with_needs_too():
    admin, ana = make_user("admin"), make_contact()
    overview(admin, ana.public_id)
    for _ in range(3):
        make_preference(make_topic(), "red", party=ana)
    assert query_cost(overview, admin, ana.public_id) == 1


def test_whoever_was_asked_enough_is_left_in_peace():
    admin, ana = make_user("admin"), make_contact()
    topics = [make_topic() for _ in range(9)]
    sitting = actions.begin_interview(ana, None, by=admin)
    for topic in topics[:8]:
        actions.skip_question(sitting, topic, by=admin)
    needs = overview(admin, ana.public_id).panels["needs"]
    assert needs["next"] is None and needs["rests"]


def test_a_role_without_sight_of_needs_finds_none_anywhere(client):
    Role.objects.filter(pk="seller").update(rights={"preferences": {"view": "none"}})
    seller = make_user()
    ana = make_contact(owner=seller)
    liked = make_preference(party=ana, by=seller)
    seller = User.objects.get(pk=seller.pk)
    client.force_login(seller)

    assert "needs" not in overview(seller, ana.public_id).panels
    assert b"Aceitunas" not in client.get(ana.get_absolute_url()).content
    with pytest.raises(criteria.BadCriteria):
        found(seller, {"field": "needs.like", "op": "contains", "value": "aceitunas"})
    bearer = {"Authorization": f"Bearer {add_token(seller)}"}
    assert client.get("/api/v1/preferences", headers=bearer).json()["items"] == []
    answer = client.get(f"/api/v1/preferences/{liked.public_id}", headers=bearer)
    assert answer.status_code == 404
    assert gaps(seller) is None


def test_lists_are_filtered_by_what_is_known():
    admin = make_user("admin")
    wine = make_topic(short_en="Wine")
    ana, eva, luis = make_contact(), make_contact(), make_contact()
    make_preference(wine, "red", party=ana, said_at=ago(10))
    make_preference(wine, "red", party=eva, said_at=ago(200))
    make_preference(party=luis, value="Quesos de oveja")

    def who(field, op, value=None, **more):
        return found(admin, {"field": f"needs.{field}", "op": op, "value": value, **more})

    assert who("answer", "is", "wine=red") == {ana, eva}
    assert who("answer", "is", "wine=red", within_days=90) == {ana}
    assert who("like", "contains", "OVEJA") == {luis}
    assert who("topic", "in", ["wine"], within_days=365) == {ana, eva}
    assert who("said_at", "within_days", 90) == {ana, luis}
    assert who("words", "empty", False) == {ana, eva, luis}
    actions.withdraw_preferences(list(ana.preferences.all()), by=admin)
    assert who("answer", "is", "wine=red") == {eva}


def test_the_list_s_filter_panel_offers_answers_to_tick(client):
    client.force_login(make_user("admin"))
    make_topic(short_en="Wine", short_es="Vino")
    page = client.get("/contacts", {"field": "needs.answer", "panel": "1"})
    assert "Vino: Tinto" in page.text and 'value="wine=red"' in page.text
    asked = json.dumps({"field": "needs.answer", "op": "in", "value": ["wine=red"]})
    assert "Vino: Tinto" in client.get("/contacts", {"filter": asked}).text


def test_today_names_those_of_whom_most_is_to_be_learned(in_english):
    seller = make_user()
    wine, size = make_topic(weight=5, short_en="Wine"), make_topic(weight=2, short_en="Size")
    known = make_contact(owner=seller, lifecycle="customer")
    new = make_company(owner=seller, lifecycle="customer")
    make_contact(lifecycle="customer")
    make_preference(wine, "red", party=known)

    found = gaps(seller)
    assert found is not None
    shown = found["gaps"]
    assert [gap.party for gap in shown] == [new, known]
    assert "Wine" in shown[0].reason and "Size" in shown[0].reason
    assert size.name in shown[1].reason and wine.name not in shown[1].reason


def test_today_costs_the_same_for_one_as_for_many():
    seller = make_user()
    make_topic()
    make_contact(owner=seller, lifecycle="customer")
    gaps(seller)
    cost_of_one = query_cost(gaps, seller)
    for _ in range(7):
        make_topic()
        make_contact(owner=seller, lifecycle="customer")
    assert query_cost(gaps, seller) == cost_of_one


def test_each_row_of_what_is_known_says_of_what_it_is(client):
    admin, ana = make_user("admin"), make_contact()
    client.force_login(admin)
    make_preference(make_topic(short_es="Vino"), "red", party=ana)
    make_preference(make_topic(short_es="Celíaca", answer="yes_no"), True, party=ana)
    make_preference(party=ana, value="Quesos de oveja")

    rows = client.get(ana.get_absolute_url()).content.decode()

    told = [*re.findall(r"<strong>([^<]*)</strong><small>([^,<·]*) ·", rows),
            *re.findall(r"<strong>([^<:]*): ([^<]*)</strong>", rows)]  # fmt: skip
    assert {what for pair in told for what in pair} >= {"Vino", "Quesos de oveja", "Le gusta"}
    assert ("Celíaca", "Sí") in told
