"""Which competitor a deal was lost to: asked where the reason says so, kept, shown, counted."""

import pytest

from circulo.accounts.models import Role
from circulo.api.tests.calls import Program
from circulo.lib.acting import acting
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.sales import actions
from circulo.sales.models import Deal, Reason
from circulo.testing.make import make_deal, make_reason, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def asking():
    reason = make_reason("lost", "Another one was chosen")
    return actions.change_reason(reason, {"asks_rival": True}, by=None)


def test_the_reason_that_every_installation_begins_with_asks_for_it():
    assert list(Reason.objects.filter(asks_rival=True)) == [
        Reason.objects.get(label="Eligió a un competidor")
    ]


def test_the_competitor_is_kept_with_the_end_of_the_deal(asking):
    deal = make_deal()
    lost = actions.lose_deal(deal, by=deal.owner, reason=asking, lost_to="Bodegas  Altamira")

    assert (lost.outcome, lost.lost_to) == ("lost", "Bodegas Altamira")


def test_one_competitor_is_written_in_one_way_whoever_writes_it(asking):
    first, second = make_deal(rivals=[{"name": "Bodegas Altamira"}]), make_deal()
    third = make_deal()

    actions.lose_deal(second, by=second.owner, reason=asking, lost_to="BODEGAS ALTAMIRA")
    actions.lose_deal(third, by=third.owner, reason=make_reason(), lost_to="bodegas altamira")

    assert set(Deal.objects.exclude(pk=first.pk).values_list("lost_to", flat=True)) == {
        "Bodegas Altamira"
    }


def test_what_is_open_again_was_lost_to_nobody(asking):
    deal = make_deal()
    actions.lose_deal(deal, by=deal.owner, reason=asking, lost_to="Ebro")
    assert actions.reopen_deal(deal, by=deal.owner).lost_to == ""


def test_taking_the_reopening_back_has_it_lost_to_the_same_one(asking):
    deal = make_deal()
    actions.lose_deal(deal, by=deal.owner, reason=asking, lost_to="Ebro")
    with acting(deal.owner_id, "screen") as act:
        actions.reopen_deal(deal, by=deal.owner)

    undo_changes(ChangeSet.objects.get(pk=act.change_set or 0), by=deal.owner)

    deal.refresh_from_db()
    assert (deal.outcome, deal.lost_to, deal.reason) == ("lost", "Ebro", asking)


def test_the_page_asks_it_and_the_deal_shows_it(client, asking):
    seller = make_user(language="en")
    client.force_login(seller)
    deal = make_deal(owner=seller, rivals=[{"name": "Conservas del Ebro"}])
    where = f"{deal.get_absolute_url()}/lose"

    page = client.get(where).content.decode()
    assert '<option value="Conservas del Ebro">' in page
    silent = client.post(where, {"reason": asking.public_id})
    assert silent.status_code == 422
    asked = silent.content.decode()
    assert "Say to which competitor it was lost." in asked
    assert "optional" not in asked.split("Lost to which competitor?")[1].split("<input")[0]
    client.post(where, {"reason": asking.public_id, "lost_to": "conservas del ebro"})

    shown = client.get(deal.get_absolute_url()).content.decode()
    assert "lost to Conservas del Ebro" in shown
    won = client.get(f"{make_deal(owner=seller).get_absolute_url()}/win").content.decode()
    assert 'name="lost_to"' not in won


def test_programs_say_it_and_find_by_it(asking):
    seller = make_user()
    program, deal = Program(seller), make_deal(owner=seller)
    path = f"deals/{deal.public_id}"

    silent = f"deals/{make_deal(owner=seller).public_id}/lose"
    assert program.post(silent, {"reason": asking.public_id}).json()["lost_to"] == ""
    lost = program.post(f"{path}/lose", {"reason": asking.public_id, "lost_to": "Ebro"}).json()
    assert (lost["outcome"], lost["lost_to"]) == ("lost", "Ebro")
    assert program.patch(path, {"lost_to": "Altamira"}).json()["lost_to"] == "Altamira"
    found = program.get("deals?filter=" + '{"field":"lost_to","op":"is","value":"Altamira"}')
    assert [one["id"] for one in found.json()["items"]] == [deal.public_id]
    won = program.patch(path, {"outcome": "won", "lost_to": "Ebro"})
    assert (won.status_code, set(won.json()["error"]["fields"])) == (422, {"lost_to"})
    assert program.patch(path, {"outcome": "won"}).json()["lost_to"] == ""


def test_who_may_not_see_competitors_is_neither_asked_nor_told(client, asking):
    Role.objects.filter(pk="seller").update(hidden={"deals": ["rivals"]})
    seller = make_user(language="en")
    client.force_login(seller)
    deal = make_deal(owner=seller)
    where = f"{deal.get_absolute_url()}/lose"

    assert 'name="lost_to"' not in client.get(where).content.decode()
    assert client.post(where, {"reason": asking.public_id}).status_code == 302
    assert "lost_to" not in Program(seller).get(f"deals/{deal.public_id}").json()


def test_an_administrator_has_a_reason_ask_for_it(client):
    client.force_login(make_user("admin", language="en"))
    reason = make_reason("lost", "Went elsewhere")
    client.post(f"/settings/reasons/{reason.public_id}", {"asks_rival": "yes"})
    reason.refresh_from_db()
    assert (reason.asks_rival, reason.is_active) == (True, True)
