"""Finding deals by words, without telling what one may not see."""

import pytest

from circulo.accounts.models import Role, User
from circulo.records.actions.own_fields import add_field
from circulo.records.resources import resource
from circulo.sales.selectors.found import found_deals
from circulo.testing.make import make_company, make_contact, make_deal, make_user

pytestmark = pytest.mark.django_db


def listed(user, words):
    user = User.objects.get(pk=user.pk)
    deals = resource("deals")
    found = deals.find(deals.visible(user), words, user)
    return sorted(found.values_list("title", flat=True))


def searched(user, words):
    return [deal.title for deal in found_deals(User.objects.get(pk=user.pk), words, limit=9)]


def test_a_deal_is_found_by_its_text_and_by_its_contact_together():
    seller = make_user()
    firm = make_company(owner=seller, name="Bodega Ñandú")
    ana = make_contact(owner=seller, given_name="Ana", first_surname="Ríos")
    make_deal(owner=seller, party=firm, title="Barricas", reference="X-77")
    make_deal(owner=seller, party=ana, title="Botellas")

    assert listed(seller, "nandu barr") == ["Barricas"]
    assert listed(seller, "rios") == ["Botellas"]
    assert listed(seller, "x-77") == searched(seller, "x-77") == ["Barricas"]
    assert listed(seller, "bo") == ["Barricas", "Botellas"]


def test_an_own_field_that_a_role_does_not_see_finds_no_deal():
    add_field("deals", "text", {"label_es": "Clave", "is_searchable": True}, by=None)
    admin, seller = make_user("admin"), make_user()
    make_deal(owner=seller, title="Barricas", custom={"clave": "Zafiro"}, reference="Ñ-1")
    assert listed(seller, "zafiro") == searched(seller, "zafiro") == ["Barricas"]

    Role.objects.filter(pk="seller").update(hidden={"deals": ["custom.clave"]})

    assert listed(seller, "zafiro") == searched(seller, "zafiro") == []
    assert listed(seller, "n-1 barricas") == searched(seller, "n-1 barricas") == ["Barricas"]
    assert listed(admin, "zafiro") == searched(admin, "zafiro") == ["Barricas"]


def test_what_a_role_does_not_see_of_a_contact_finds_none_of_its_deals():
    seller = make_user()
    ana = make_contact(owner=seller, given_name="Ana", phones=["600 11 22 33"])
    make_deal(owner=seller, party=ana, title="Barricas")
    assert listed(seller, "600112233") == ["Barricas"]

    Role.objects.filter(pk="seller").update(hidden={"contacts": ["phones"]})

    assert listed(seller, "600112233") == []
    assert listed(seller, "ana") == ["Barricas"]

    Role.objects.filter(pk="seller").update(rights={"contacts": {"view": "none"}})

    assert listed(seller, "ana") == []
    assert listed(seller, "barricas") == ["Barricas"]
