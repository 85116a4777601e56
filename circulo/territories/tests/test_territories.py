"""The tree of territories: what it refuses, what a change shows and does, and its undo."""

from decimal import Decimal

import pytest
from django.db import connection

from circulo.accounts.models import Territory
from circulo.lib.acting import acting
from circulo.lib.errors import Invalid, RuleBroken
from circulo.parties import actions as parties
from circulo.parties.models import Party
from circulo.records.actions.undoing import undo_changes
from circulo.records.models import ChangeSet
from circulo.territories import actions, invariants, proposals
from circulo.territories.selectors.effects import effect_of, movers
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_territory,
    make_user,
)

pytestmark = pytest.mark.django_db


def is_(field: str, value: object) -> dict[str, object]:
    return {"field": field, "op": "is", "value": value}


def place_of(party: Party) -> str:
    place = Party.objects.select_related("territory").get(pk=party.pk).territory
    return place.name if place else ""


def violations() -> list[str]:
    return [one.name for one in invariants.INVARIANTS if list(one.find())]


def proposed(change):
    tree = proposals.as_it_is()
    change(tree)
    return tree


def test_a_new_territory_takes_whom_its_rule_says_at_once():
    company = make_company(industry="Vino")
    make_territory("Vino", is_("industry", "vino"))
    assert place_of(company) == "Vino"
    assert not violations()


def test_few_are_placed_at_once_however_high_their_keys():
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('parties_party', 'id'), 1000000)")
    company = make_company(industry="Vino")
    make_territory("Vino", is_("industry", "vino"))
    assert place_of(company) == "Vino"


def test_a_territory_cannot_lie_within_itself():
    spain = make_territory("España")
    north = make_territory("Norte", parent=spain)
    with pytest.raises(Invalid):
        actions.change_territory(spain, {"parent_id": north.pk}, by=None)
    with pytest.raises(Invalid):
        actions.change_territory(spain, {"parent_id": spain.pk}, by=None)


def test_two_territories_are_not_called_alike():
    make_territory("Norte")
    with pytest.raises(Invalid):
        make_territory("NORTE")


def test_the_tree_is_not_deeper_than_eight_levels():
    one = None
    for level in range(8):
        one = make_territory(f"Nivel {level}", parent=one)
    with pytest.raises(Invalid):
        make_territory("Demasiado", parent=one)


def test_who_moves_to_another_parent_takes_along_what_lies_within_it():
    spain, north = make_territory("España"), make_territory("Norte")
    coast = make_territory("Costa", parent=north)
    actions.change_territory(north, {"parent_id": spain.pk}, by=None)
    coast.refresh_from_db()
    assert coast.path == f"{spain.pk}/{north.pk}/{coast.pk}/"
    assert not violations()


def test_the_order_decides_where_two_would_take_the_same():
    first = make_territory("Primero", is_("industry", "vino"))
    make_territory("Segundo", is_("industry", "vino"))
    company = make_company(industry="vino")
    actions.order_territory(first, 1, by=None)
    assert place_of(company) == "Segundo"


def test_what_stands_below_a_removed_one_takes_its_place():
    north = make_territory("Norte", is_("industry", "vino"))
    coast = make_territory("Costa", is_("size", 10), parent=north)
    south = make_territory("Sur")
    pinned, company = make_company(), make_company(industry="vino", size=10)
    parties.edit_parties([pinned.pk], {"pinned_territory_id": north.pk}, by=make_user())

    actions.remove_territory(north, to=south, by=None)

    coast.refresh_from_db()
    assert (coast.parent, coast.path) == (None, f"{coast.pk}/")
    assert (place_of(pinned), place_of(company)) == ("Sur", "Costa")
    assert not violations()


def test_a_territory_that_went_is_refused():
    gone = make_territory()
    actions.remove_territory(gone, to=None, by=None)
    with pytest.raises(RuleBroken):
        actions.change_territory(gone, {"name": "Otro"}, by=None)


def test_a_preview_says_who_would_move_with_which_deals_and_moves_nobody():
    north = make_territory("Norte", is_("industry", "vino"))
    owner = make_user()
    company = make_company(industry="acero")
    person = make_contact(company=company)
    make_deal(party=company, owner=owner, amount={"amount": "1200.50", "currency": "EUR"})

    rule = {"field": "industry", "op": "in", "value": ["vino", "acero"]}
    tree = proposed(lambda tree: proposals.change(tree, north.pk, {"rule": rule}))
    effect = effect_of(tree)

    (flow,) = effect.flows
    assert (flow.before, flow.after) == (0, north.pk)
    assert (flow.companies, flow.contacts, flow.deals) == (1, 1, 1)
    assert effect.amounts == {"EUR": Decimal("1200.500")} and effect.owners == {owner.pk: 1}
    assert {one.name for one in movers(tree, 0, north.pk)} == {company.name, person.name}
    assert place_of(company) == "" == place_of(person)


@pytest.mark.parametrize("change", ["rule", "order", "removal", "pause", "addition"])
def test_what_a_preview_shows_is_what_the_act_does(change):
    north = make_territory("Norte", is_("industry", "vino"))
    other = make_territory("Otro", is_("industry", "vino"))
    within = make_territory("Dentro", is_("size", 5), parent=north)
    made = [make_company(industry=i, size=s) for i in ("vino", "acero") for s in (5, 6)]
    made += [make_contact(company=company) for company in made]
    parties.edit_parties([made[1].pk], {"pinned_territory_id": within.pk}, by=make_user())
    before = {party.pk: place_of(party) for party in made}
    acts = {
        "rule": (
            lambda tree: proposals.change(tree, north.pk, {"rule": is_("industry", "acero")}),
            lambda: actions.change_territory(north, {"rule": is_("industry", "acero")}, by=None),
        ),
        "order": (
            lambda tree: proposals.put(tree, north.pk, 1),
            lambda: actions.order_territory(north, 1, by=None),
        ),
        "removal": (
            lambda tree: proposals.remove(tree, within.pk, to=other.pk),
            lambda: actions.remove_territory(within, to=other, by=None),
        ),
        "pause": (
            lambda tree: proposals.change(tree, north.pk, {"is_active": False}),
            lambda: actions.change_territory(north, {"is_active": False}, by=None),
        ),
        "addition": (
            lambda tree: proposals.add(tree, {"name": "Más", "rule": is_("industry", "acero")}),
            lambda: make_territory("Más", is_("industry", "acero")),
        ),
    }
    propose, act = acts[change]

    shown = effect_of(proposed(propose))
    act()

    moved = [key for key, place in before.items() if place_of(Party(pk=key)) != place]
    assert shown.parties == len(moved) > 0
    assert not violations()


def test_an_undo_puts_back_the_tree_and_everybody_in_it():
    by = make_user("admin")
    north = make_territory("Norte", is_("industry", "vino"), by=by)
    company = make_company(industry="vino")
    with acting(by.pk, "screen"):
        actions.change_territory(north, {"rule": is_("industry", "acero")}, by=by)
    assert place_of(company) == ""

    undo_changes(ChangeSet.objects.latest("pk"), by=by)

    north.refresh_from_db()
    assert north.rule == is_("industry", "vino")
    assert place_of(company) == "Norte"
    assert not violations()


def test_an_undo_of_an_addition_takes_the_territory_away_and_a_redo_brings_it_back():
    by = make_user("admin")
    company = make_company(industry="vino")
    with acting(by.pk, "screen"):
        make_territory("Norte", is_("industry", "vino"), by=by)
    undo_changes(ChangeSet.objects.latest("pk"), by=by)
    assert not Territory.objects.exists() and place_of(company) == ""

    undo_changes(ChangeSet.objects.latest("pk"), by=by)
    assert place_of(company) == "Norte"
    assert not violations()


def test_an_undo_of_an_addition_lets_the_rules_say_again():
    by = make_user("admin")
    company = make_company(industry="vino", size=80)
    wine = make_territory("Vino", is_("industry", "vino"))
    with acting(by.pk, "screen"):
        make_territory("Grande", is_("size", 80), parent=wine, by=by)
    assert place_of(company) == "Grande"
    undo_changes(ChangeSet.objects.latest("pk"), by=by)
    assert place_of(company) == "Vino" and not violations()


def test_an_undo_of_a_removal_brings_back_pins_and_what_lay_within():
    by = make_user("admin")
    north = make_territory("Norte", by=by, members=[by])
    coast = make_territory("Costa", parent=north, by=by)
    pinned = make_company()
    parties.edit_parties([pinned.pk], {"pinned_territory_id": north.pk}, by=by)
    with acting(by.pk, "screen"):
        actions.remove_territory(north, to=None, by=by)
    assert place_of(pinned) == ""

    undo_changes(ChangeSet.objects.latest("pk"), by=by)

    coast.refresh_from_db()
    assert coast.parent_id == north.pk and place_of(pinned) == "Norte"
    assert list(Territory.objects.get(pk=north.pk).members.all()) == [by]
    assert not violations()


def test_an_undone_pin_lets_the_rules_say_again():
    by = make_user("admin")
    make_territory("Vino", is_("industry", "vino"))
    other = make_territory("Otro")
    company = make_company(industry="vino")
    with acting(by.pk, "screen"):
        parties.edit_parties([company.pk], {"pinned_territory_id": other.pk}, by=by)
    undo_changes(ChangeSet.objects.latest("pk"), by=by)
    assert place_of(company) == "Vino"


def test_what_is_not_as_it_must_be_is_found_and_mended():
    north = make_territory("Norte", is_("industry", "vino"))
    company = make_company(industry="vino")
    Party.objects.filter(pk=company.pk).update(territory=None)
    Territory.objects.filter(pk=north.pk).update(path="x/")
    assert len(violations()) == 2
    for one in invariants.INVARIANTS:
        found = [violation.key for violation in one.find()]
        if found and one.mend:
            one.mend(found)
    assert not violations()
