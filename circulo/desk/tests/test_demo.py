from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from circulo.accounts.models import Firm, Notification, Role, Team, User
from circulo.agenda.models import Booking
from circulo.catalog.models import PriceList, Product
from circulo.channels.email.models import Mail
from circulo.desk.demo import actions
from circulo.desk.demo.fields import FIELDS
from circulo.desk.demo.world import build
from circulo.lib.errors import RuleBroken
from circulo.parties.models import Party, Point, Relationship
from circulo.records.models import OwnField, SavedView
from circulo.records.own import definitions
from circulo.records.verify import verify
from circulo.sales.models import DealShare
from circulo.testing import database
from circulo.testing.make import (
    make_approval_rule,
    make_company,
    make_contact,
    make_interaction,
    make_territory,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

TODAY = date(2026, 3, 4)


@dataclass
class Came:
    """The demo as it came to a firm of one seller and two parties, and what it said it brought."""

    company: Party
    mine: Party
    counts: dict[str, int]


@pytest.fixture(scope="module")
def came(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Came]:
    """Two years are long in coming: once for all, and each test takes back what it does."""
    definitions.forget()
    with django_db_blocker.unblock(), database.shared():
        seller = make_user()
        company, mine = make_company(owner=seller), make_contact(owner=seller)
        yield Came(company, mine, actions.add_demo(seed=1, today=TODAY))


@pytest.mark.django_db
def test_a_whole_firm_comes_with_people_in_every_role_and_two_years_behind_it(came):
    assert set(User.objects.filter(is_demo=True).values_list("role", flat=True)) == set(
        Role.objects.values_list("name", flat=True)
    )
    parties = Party.objects.filter(is_demo=True)
    assert (parties.people().count(), parties.organisations().count()) == (220, 60)
    assert set(Party.objects.filter(is_demo=False)) == {came.company, came.mine}
    assert set(Interaction.objects.values_list("kind", flat=True)) == set(Kind)
    moments = Interaction.objects.order_by("occurred_at").values_list("occurred_at", flat=True)
    assert (TODAY - moments[0].date()).days >= 720
    assert (TODAY - moments[len(moments) - 1].date()).days <= 4
    assert Relationship.objects.exclude(until=None).exists()
    assert not Party.objects.filter(has_valid_tax_id=False).exists()
    assert Booking.objects.filter(entry__owner__is_demo=True, is_mailed=False).count() == 3
    assert not Mail.objects.exists()
    assert not Point.objects.filter(kind="phone").exclude(value__startswith="+").exists()
    assert verify() == []
    assert came.counts["interactions"] > 4000
    assert OwnField.objects.count() == len(FIELDS)
    assert Party.objects.filter(custom__nivel_del_club="oro").exists()
    assert SavedView.objects.filter(sharing="all").count() == 4
    assert Product.objects.filter(prices__list__is_default=True).distinct().count() == 13
    shared = DealShare.objects.filter(deal__is_demo=True)
    assert {one.deal.outcome for one in shared.select_related("deal")} == {"open", "won", "lost"}
    told = Notification.objects.filter(to__role="admin")
    assert {one.read_at is not None for one in told} == {True, False}


def test_the_demo_is_the_same_for_a_seed_and_a_day():
    told, again, other = build(7, TODAY), build(7, TODAY), build(8, TODAY)

    assert told.events == again.events
    assert told.ties == again.ties
    assert [s.said for s in told.everybody.values()] == [s.said for s in again.everybody.values()]
    assert told.events != other.events


@pytest.mark.django_db
def test_removing_the_demo_takes_only_what_the_demo_made(came):
    admin, company, mine = make_user("admin"), came.company, came.mine
    Party.objects.filter(pk__in=[company.pk, mine.pk]).update(owner=admin)
    seller = User.objects.get(email__startswith="nerea")
    Party.objects.filter(pk=mine.pk).update(owner=seller)
    noted = make_interaction(party=mine, by=seller)
    make_interaction(party=Party.objects.filter(is_demo=True).first(), by=admin)
    make_user(team=Team.objects.get(name="Ventas Norte"))
    place = make_territory(manager=seller, members=[seller])
    rule = make_approval_rule(who="person", person=seller.pk)

    actions.remove_demo(by=admin)

    assert set(Party.objects.all()) == {company, mine}
    assert Party.objects.get(pk=mine.pk).owner == admin
    kept = Interaction.objects.get()
    assert (kept, kept.by) == (noted, None)
    place.refresh_from_db()
    rule.refresh_from_db()
    assert (place.manager, rule.person) == (None, admin)
    assert not User.objects.filter(is_demo=True).exists()
    assert not (Product.objects.exists() or PriceList.objects.exists())
    kept_teams = set(Team.objects.values_list("name", flat=True))
    assert kept_teams == {"Dirección", "Ventas", "Ventas Norte"}
    assert verify() == []
    assert not OwnField.objects.exists() and not SavedView.objects.exists()
    assert Firm.objects.get().name == ""


@pytest.mark.django_db
def test_it_comes_once_and_only_an_administrator_removes_it_with_one_button(came, client):
    with pytest.raises(RuleBroken):
        actions.add_demo(seed=2, today=TODAY)

    client.force_login(make_user("manager"))
    assert client.post(reverse("desk:demo")).status_code == 403
    assert Party.objects.filter(is_demo=True).exists()

    admin = make_user("admin")
    client.force_login(admin)
    assert "14" in client.get(reverse("desk:demo")).text
    client.post(reverse("desk:demo"))
    assert not User.objects.filter(is_demo=True).exists()
    assert set(Party.objects.all()) == {came.company, came.mine}
