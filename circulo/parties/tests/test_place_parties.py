"""A party lies where the rules of the territories say, from the moment that it is written."""

import io

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from circulo.accounts import news
from circulo.accounts.models import Territory
from circulo.lib.errors import Invalid
from circulo.parties import actions, jobs
from circulo.parties.actions import placing as acts
from circulo.parties.drafts import read
from circulo.parties.models import Party
from circulo.parties.placing import refuse_bad_rules
from circulo.records.actions import loads, running
from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db


def is_(field: str, value: object) -> dict[str, object]:
    return {"field": field, "op": "is", "value": value}


def a_territory(name: str, rule=None, *, parent: Territory | None = None, **said) -> Territory:
    last = Territory.objects.count()
    one = Territory.objects.create(
        name=name, rule=rule or {}, parent=parent, **{"position": last} | said
    )
    one.path = f"{parent.path if parent else ''}{one.pk}/"
    one.save(update_fields=["path"])
    news.renew()
    return one


def place_of(party: Party) -> Territory | None:
    return Party.objects.select_related("territory").get(pk=party.pk).territory


def test_the_first_territory_whose_rule_takes_a_company_has_it():
    wine = a_territory("Vino", is_("industry", "vino"))
    a_territory("Todo lo demás", is_("industry", "vino"))
    assert place_of(make_company(industry="Vino")) == wine
    assert place_of(make_company(industry="Acero")) is None


def test_what_lies_within_is_asked_first_and_only_of_what_lies_around_it():
    wine = a_territory("Vino", is_("industry", "vino"))
    big = a_territory("Grandes", {"field": "size", "op": "gte", "value": 100}, parent=wine)
    assert place_of(make_company(industry="vino", size=100)) == big
    assert place_of(make_company(industry="vino", size=99)) == wine
    assert place_of(make_company(industry="acero", size=100)) is None


def test_a_territory_without_a_rule_only_holds_others():
    spain = a_territory("España")
    wine = a_territory("Vino", is_("industry", "vino"), parent=spain)
    assert place_of(make_company(industry="vino")) == wine
    assert place_of(make_company(industry="acero")) is None


def test_what_is_out_of_use_takes_nobody_nor_does_what_lies_within_it():
    wine = a_territory("Vino", is_("industry", "vino"), is_active=False)
    a_territory("Grandes", is_("size", 100), parent=wine)
    assert place_of(make_company(industry="vino", size=100)) is None


def test_a_person_lies_where_their_company_does_and_moves_with_it():
    wine, steel = (a_territory(name, is_("industry", name)) for name in ("vino", "acero"))
    a_territory("Lista", people_rule=is_("source", "feria"))
    company = make_company(industry="vino")
    person = make_contact(company=company, source="feria")
    assert place_of(person) == wine

    actions.change_party(
        company, read({"industry": "acero"}, company.kind, partial=True), by=make_user()
    )

    assert place_of(company) == place_of(person) == steel


def test_a_person_without_a_company_goes_by_the_rule_for_people():
    a_territory("Vino", is_("source", "feria"))
    fair = a_territory("Ferias", people_rule=is_("source", "feria"))
    assert place_of(make_contact(source="feria")) == fair
    assert place_of(make_contact(source="web")) is None


def test_a_territory_may_claim_people_whose_company_lies_elsewhere():
    wine = a_territory("Vino", is_("industry", "vino"))
    board = a_territory("Dirección", people_rule=is_("job_title", "CEO"), claims_people=True)
    company = make_company(industry="vino")
    assert place_of(make_contact(company=company, job_title="CEO")) == board
    assert place_of(make_contact(company=company, job_title="Chef")) == wine


def test_an_address_decides_too():
    north = a_territory("Norte", {"field": "province", "op": "in", "value": ["48", "20"]})
    bilbao = {"postal_code": "48001", "city": "Bilbao", "country": "ES"}
    company = make_company(addresses=[bilbao])
    assert place_of(company) == north
    moved = {"addresses": [bilbao | {"postal_code": "28001", "city": "Madrid"}]}
    actions.change_party(company, read(moved, company.kind, partial=True), by=make_user())
    assert place_of(company) is None


def test_what_is_said_by_hand_stays_whatever_the_rules_say():
    a_territory("Vino", is_("industry", "vino"))
    special = a_territory("Especial")
    company = make_company(industry="vino")
    actions.edit_parties([company.pk], {"pinned_territory_id": special.pk}, by=make_user())
    assert place_of(company) == special

    actions.tag_parties([company.pk], add="nuevo", by=make_user())
    assert place_of(company) == special

    actions.edit_parties([company.pk], {"pinned_territory_id": None}, by=make_user())
    assert str(place_of(company)) == "Vino"


def test_being_placed_is_no_change_of_the_party():
    company = make_company(industry="vino")
    a_territory("Vino", is_("industry", "vino"))
    before = Party.objects.get(pk=company.pk)
    assert acts.misplaced() == [company.pk]
    assert acts.place_all() == 1
    after = Party.objects.get(pk=company.pk)
    assert after.territory_id and (after.version, after.updated_at) == (
        before.version, before.updated_at,
    )  # fmt: skip
    assert not acts.misplaced()


def test_a_new_contact_costs_one_query_more_where_there_are_territories():
    user = make_user()
    make_contact(owner=user)
    cost = query_cost(make_contact, owner=user)
    for number in range(5):
        a_territory(f"Territorio {number}", is_("industry", f"i{number}"))
    make_contact(owner=user)
    assert query_cost(make_contact, owner=user) == cost + 1


@pytest.mark.parametrize(
    "rule",
    [
        {"field": "created_at", "op": "within_days", "value": 7},
        {"field": "updated_at", "op": "empty", "value": False},
        {"field": "nothing", "op": "is", "value": 1},
        {"field": "birthday", "op": "during", "value": "this_month"},
        ["x"],
    ],
)
def test_a_rule_cannot_ask_what_moves_by_itself_or_is_not_there(rule):
    with pytest.raises(Invalid):
        refuse_bad_rules({"people_rule": rule})


@pytest.mark.parametrize("count", [3, 150])
def test_what_a_load_brings_lies_where_the_rules_say_at_once_or_by_a_job(count):
    wine = a_territory("Vino", is_("industry", "vino"))
    rows = "".join(f"Bodega {number},vino\n" for number in range(count))
    begun = loads.start_load(
        io.BytesIO(f"name,industry\n{rows}".encode()), "rows.csv", "companies", by=None
    )
    running.run_load(loads.map_columns(begun))

    for job in ProcrastinateJob.objects.filter(task_name="parties.place_parties"):
        jobs.place_parties(**job.args)
    assert Party.objects.filter(territory=wine).count() == count
