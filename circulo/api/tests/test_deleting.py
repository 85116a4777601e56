"""DELETE of what has no bin: it goes out of use, or a rule says why it cannot."""

import pytest

from circulo.accounts import actions as accounts
from circulo.accounts.models import Audit, Team
from circulo.api.tests.calls import Program
from circulo.catalog.actions import default_list
from circulo.lib import ids
from circulo.parties import actions as parties
from circulo.quotes import actions as quotes
from circulo.testing.make import (
    make_company,
    make_contact,
    make_lead,
    make_pipeline,
    make_price_list,
    make_quota,
    make_quote,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return Program(make_user("admin"))


def why(answer):
    assert answer.status_code == 409, answer.content
    return answer.json()["error"]["message"]


def test_a_user_comes_in_no_more_but_somebody_stays_administrator(admin):
    ana = make_user()
    token = Program(ana)
    where = f"users/{ids.encode('user', ana.pk)}"

    assert token.delete(where).status_code == 403
    assert admin.delete(where).status_code == 204
    assert admin.get(where).json()["is_active"] is False
    assert token.get("users/me").status_code == 401
    assert "Administración" in why(admin.delete("users/me"))
    assert admin.get("users/me").json()["is_active"] is True


def test_a_team_that_something_belongs_to_stays(admin):
    busy, above, quoted, led, empty = (make_team(name) for name in "ABCDE")
    ana = make_user(team=busy)
    make_team("F", parent=above)
    make_quota(quoted)
    make_lead(columns={"team_id": led.pk})

    for team in (busy, above, quoted, led):
        assert "pertenece a este equipo" in why(
            admin.delete(f"teams/{ids.encode('team', team.pk)}")
        )
    where = f"teams/{ids.encode('team', empty.pk)}"
    assert Program(ana).delete(where).status_code == 403
    assert admin.delete(where).status_code == 204
    assert admin.get(where).status_code == 404
    assert Audit.objects.filter(what="team_changed", about="E", details__removed="yes").exists()


def test_a_team_is_removed_on_its_page(client):
    client.force_login(make_user("admin"))
    team, busy = make_team("Sur"), make_team("Norte")
    accounts.add_user("ana@example.com", role="seller", team=busy)
    path = f"/settings/teams/{ids.encode('team', team.pk)}"

    assert f'action="{path}/remove"' in client.get(path).content.decode()
    client.post(f"{path}/remove")
    client.post(f"/settings/teams/{ids.encode('team', busy.pk)}/remove")
    assert list(Team.objects.all()) == [busy]


def test_a_relationship_ends_once(admin):
    ana, duero = make_contact(), make_company()
    tie = parties.relate(ana, "works_at", duero, by=admin.user)
    where = f"relationships/{ids.encode('relationship', tie.pk)}"

    assert admin.delete(where).status_code == 204
    assert admin.get(where).json()["until"]
    assert "ya ha terminado" in why(admin.delete(where))


def test_a_price_list_and_a_pipeline_go_out_of_use_but_the_usual_ones_stay(admin):
    usual, other = default_list("EUR", by=admin.user), make_price_list(name="Fairs")
    kinds = {usual: "general", other: ""}
    for one, reason in kinds.items():
        where = f"price-lists/{ids.encode('price_list', one.pk)}"
        answer = admin.delete(where)
        assert reason in why(answer) if reason else answer.status_code == 204
        assert admin.get(where).json()["is_active"] is bool(reason)

    make_pipeline(is_default=True)
    for one in admin.get("pipelines").json()["items"]:
        answer = admin.delete(f"pipelines/{one['id']}")
        if one["is_default"]:
            assert "Las oportunidades nuevas empiezan" in why(answer)
        else:
            assert answer.status_code == 204
            assert admin.get(f"pipelines/{one['id']}").json()["is_active"] is False


def test_a_draft_of_a_quote_is_taken_back_and_what_was_sent_is_withdrawn_instead(admin):
    draft, sent = make_quote(), make_quote()
    quotes.send_quote(sent, by=sent.owner)
    for quote, status in ((draft, "withdrawn"), (sent, "sent")):
        where = f"quotes/{ids.encode('quote', quote.pk)}"
        answer = admin.delete(where)
        if quote == draft:
            assert answer.status_code == 204
        else:
            assert "retire este presupuesto" in why(answer)
        assert admin.get(where).json()["status"] == status


def test_a_stale_delete_is_refused(admin):
    team = make_team("Sur")
    where = f"teams/{ids.encode('team', team.pk)}"
    before = admin.get(where).headers["ETag"]
    accounts.rename_team(team, "Centro")
    assert admin.delete(where, If_Match=before).status_code == 409
    assert Team.objects.filter(pk=team.pk).exists()
