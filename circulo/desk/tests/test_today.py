from datetime import timedelta

import pytest
from django.utils import timezone

from circulo.parties.models import Party
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_interaction, make_team, make_user
from circulo.timeline.kinds import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = make_user(team=make_team())
    client.force_login(user)
    return user


def ago(days):
    return timezone.now() - timedelta(days=days)


def panel(answer, template):
    found = [p.values for p in (*answer.context["main"], *answer.context["side"])
             if template in p.template]  # fmt: skip
    return found[0] if found else None


def test_whom_nobody_spoke_with_is_called_and_why(client, seller):
    silent = make_contact(given_name="Silencia", owner=seller, lifecycle="customer")
    make_interaction(party=silent, by=seller, occurred_at=ago(70))
    spoken = make_contact(given_name="Hablada", owner=seller, lifecycle="customer")
    make_interaction(party=spoken, by=seller, occurred_at=ago(2))
    unknown = make_contact(given_name="Nueva", owner=seller, lifecycle="lead")
    Party.objects.filter(pk=unknown.pk).update(created_at=ago(40))

    calls = panel(client.get("/"), "_calls")

    assert [call.party for call in calls["calls"]] == [silent, unknown]
    assert calls["counts"] == [(30, 2), (60, 1)]
    assert "70" in calls["calls"][0].reason


def test_somebody_put_away_comes_back_by_undo(client, seller):
    party = make_contact(owner=seller, lifecycle="customer")
    Party.objects.filter(pk=party.pk).update(created_at=ago(40))

    client.post(f"/today/put-away/call-{party.public_id}")
    assert panel(client.get("/"), "_calls") is None
    client.post(f"/today/bring-back/call-{party.public_id}")
    assert panel(client.get("/"), "_calls") is not None
    assert client.get(f"/today/put-away/call-{party.public_id}").status_code == 405


def test_what_colleagues_logged_with_ones_own_is_told(client, seller):
    colleague = make_user(team=seller.team)
    mine, theirs = make_contact(owner=seller), make_contact(owner=colleague)
    make_interaction(party=mine, by=colleague, subject="Pidió precio")
    make_interaction(party=mine, by=seller, subject="Lo mío")
    make_interaction(party=theirs, by=colleague, subject="Lo suyo")
    make_interaction(party=mine, by=colleague, subject="Secreto", is_private=True)
    make_interaction(party=mine, by=None, subject="Anotado por el programa")

    told = panel(client.get("/"), "_colleagues")["told"]

    assert [one.text for one in told] == ["Pidió precio"]


def test_what_a_colleague_heard_in_an_interview_is_one_line(client, seller):
    colleague, mine = make_user(team=seller.team), make_contact(owner=seller)
    for topic in ("Vino preferido", "Presupuesto"):
        make_interaction(kind=Kind.PREFERENCE_NOTED, party=mine, by=colleague, subject=topic)
    noted = panel(client.get("/"), "_colleagues")["told"]
    assert [one.text for one in noted] == ["Preferencia anotada: Presupuesto, Vino preferido"]

    make_interaction(
        kind=Kind.INTERVIEW_HELD, party=mine, by=colleague, subject="Primera visita: 2 respuestas"
    )
    held = panel(client.get("/"), "_colleagues")["told"]
    assert [one.text for one in held] == ["Entrevista hecha: Primera visita: 2 respuestas"]


def test_whoever_leads_and_looks_after_nobody_sees_the_day_of_their_people(client, seller):
    manager = make_user("manager", team=seller.team)
    silent = make_contact(owner=seller, lifecycle="customer")
    make_interaction(party=silent, by=seller, subject="Hace mucho", occurred_at=ago(50))
    stranger = make_user(team=make_team())
    make_interaction(party=make_contact(owner=stranger), by=stranger, subject="Ajeno")
    client.force_login(manager)

    answer = client.get("/")

    assert [call.party for call in panel(answer, "_calls")["calls"]] == [silent]
    assert [one.text for one in panel(answer, "_colleagues")["told"]] == ["Hace mucho"]


def test_birthdays_of_the_week_are_those_of_ones_own(client, seller):
    today = timezone.localdate()
    make_contact(given_name="Hoy", owner=seller, birthday=today.replace(year=1980).isoformat())
    later = today + timedelta(days=20)
    make_contact(given_name="Luego", owner=seller, birthday=later.replace(year=1980).isoformat())
    make_contact(given_name="Ajena", owner=make_user(team=seller.team),
                 birthday=today.replace(year=1980).isoformat())  # fmt: skip

    dated = panel(client.get("/"), "_birthdays")["birthdays"]

    assert [(day, party.given_name) for day, party in dated] == [(today, "Hoy")]
    seller.role.hidden = {"contacts": ["birthday"]}
    seller.role.save()
    assert panel(client.get("/"), "_birthdays") is None


def test_a_new_house_shows_first_steps_until_they_are_put_away(client):
    admin = make_user("admin")
    client.force_login(admin)

    assert panel(client.get("/"), "_first_steps")["done"] == 0
    make_interaction(by=admin)
    assert panel(client.get("/"), "_first_steps")["done"] >= 2
    client.post("/today/put-away/first-steps")
    assert panel(client.get("/"), "_first_steps") is None


def test_today_costs_the_same_for_one_as_for_many(client, seller):
    def busy():
        party = make_contact(owner=seller, lifecycle="customer", birthday="1980-01-01")
        make_interaction(party=party, by=seller, occurred_at=ago(50))
        make_interaction(party=party, by=make_user(team=seller.team), occurred_at=ago(45))

    busy()
    client.get("/")
    cost_of_one = query_cost(client.get, "/")
    for _ in range(4):
        busy()
    assert query_cost(client.get, "/") == cost_of_one <= 28


def test_nobody_sees_today_without_logging_in(client):
    assert client.get("/").status_code == 302
