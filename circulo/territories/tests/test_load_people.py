"""The people who work here come from a table, with their teams and territories."""

import io

import pytest

from circulo.accounts.models import Team, Territory, User
from circulo.lib.errors import RuleBroken
from circulo.records.actions import loads, running
from circulo.records.models import Load
from circulo.sales.models import Deal
from circulo.territories.loads import dump_people
from circulo.testing.make import make_deal, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TEAMS = (
    "sales_agent,manager,regional_office\n"
    "Anna Snelling,Dustin Brinkmann,Central\n"
    "Cecily Lampkin,Dustin Brinkmann,Central\n"
    "Moses Frase,Rocco Neubert,East\n"
)
DEALS = (
    "opportunity_id,sales_agent,account,deal_stage,close_value\n"
    "1C1I7A6R,Moses Frase,Cancity,Won,1054\n"
    "Z063OYW0,Anna Snelling,Isdom,Won,20\n"
)


def load(text: str, *, by: User | None = None, kind: str = "users") -> Load:
    begun = loads.start_load(io.BytesIO(text.encode()), "rows.csv", kind, by=by)
    return running.run_load(loads.map_columns(begun))


def counts(done: Load) -> tuple[int, int, int, int]:
    return done.created, done.updated, done.skipped, done.refused


def test_a_table_of_agents_makes_people_teams_and_territories():
    make_user("admin")
    assert counts(load(TEAMS)) == (3, 0, 0, 0)

    anna, dustin = User.objects.get(name="Anna Snelling"), User.objects.get(name="Dustin Brinkmann")
    assert (anna.role_id, dustin.role_id) == ("seller", "manager")
    assert anna.team == dustin.team == Team.objects.get(name="Dustin Brinkmann")
    assert not anna.has_address and not anna.has_usable_password()
    central = Territory.objects.get(name="Central")
    assert {one.name for one in central.members.all()} == {
        "Anna Snelling", "Cecily Lampkin", "Dustin Brinkmann",
    }  # fmt: skip
    assert counts(load(TEAMS)) == (0, 0, 3, 0)


@pytest.mark.parametrize("order", ["people first", "deals first"])
def test_deals_are_theirs_in_whatever_order_the_files_come(order):
    admin = make_user("admin")
    if order == "people first":
        load(TEAMS)
        load(DEALS, kind="deals")
    else:
        load(DEALS, kind="deals")
        assert {deal.owner for deal in Deal.objects.all()} == {admin}
        load(TEAMS)

    found = {deal.reference: deal.owner.name for deal in Deal.objects.select_related("owner")}
    assert found == {"1C1I7A6R": "Moses Frase", "Z063OYW0": "Anna Snelling"}
    assert not Deal.objects.exclude(agent="").exists()
    rocco = User.objects.get(name="Rocco Neubert")
    assert [deal.reference for deal in Deal.objects.visible_to(rocco)] == ["1C1I7A6R"]


def test_two_who_are_called_alike_get_nobodys_deals():
    deal = make_deal(agent="Ana Gil")
    before = deal.owner
    make_user(name="Ana Gil")
    load("name,email\nAna Gil,ana@example.com\n")
    deal.refresh_from_db()
    assert (deal.owner, deal.agent) == (before, "Ana Gil")


def test_one_bad_row_stops_none_of_the_others():
    done = load("name,email,role\nAna,no address,\nEva,,king\nPía,pia@example.com,manager\n")
    assert counts(done) == (1, 0, 0, 2)
    assert User.objects.get(name="Pía").role_id == "manager"


def test_only_administrators_bring_people_in():
    with pytest.raises(RuleBroken):
        load(TEAMS, by=make_user("manager"))


def test_who_is_known_is_changed_and_not_doubled():
    make_user("admin")
    user = make_user("seller", name="Ana Gil")
    done = load(f"name,email,role,team\nAna Gil,{user.email},manager,Norte\n")
    user.refresh_from_db()
    assert counts(done) == (0, 1, 0, 0)
    assert (user.role_id, str(user.team)) == ("manager", "Norte")


def test_what_is_handed_out_can_be_brought_in_again():
    admin = make_user("admin")
    load(TEAMS)
    headings, rows = dump_people(admin, {})
    lines = [",".join(map(str, row)) for row in rows]
    assert counts(load("\n".join([",".join(headings), *lines])))[0] == 0
