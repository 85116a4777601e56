"""Every list in every shape that it offers, by every field that it offers there."""

from itertools import pairwise

import pytest
from django.utils import timezone

from circulo.accounts.models import Role, User
from circulo.accounts.rights import kinds
from circulo.desk.urls import urlpatterns
from circulo.records.resources import resource
from circulo.records.saved_views import SavedView
from circulo.testing.make import (
    make_appointment,
    make_contact,
    make_deal,
    make_interaction,
    make_lead,
    make_product,
    make_quote,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db
NAMES = sorted(
    str(one.name).removeprefix("peek_") for one in urlpatterns if str(one.name).startswith("peek_")
)


def some_of_everything(user):
    """A record for every list, with what can be drawn of one."""
    home = {"addresses": [{"postal_code": "28013", "country": "ES"}]}
    party = make_contact(owner=user, birthday="1980-02-14", **home)
    make_interaction(party=party)
    make_deal(owner=user, party=party, amount=5)
    make_quote(owner=user, party=party, lines=[{"product": make_product().public_id}])
    make_lead(owner=user, country="ES")
    make_task(owner=user, party=party, due_on=timezone.localdate())
    make_appointment(owner=user, party=party, starts_at=timezone.now())


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_drawn_whatever_field_a_role_hides(client, name):
    user = make_user("seller", language="en")
    client.force_login(user)
    some_of_everything(user)
    about = resource(name)
    hideable = list(kinds()[about.kind].hideable)
    for hidden in ([], *([one] for one in hideable), hideable):
        Role.objects.filter(pk="seller").update(hidden={about.kind: hidden})
        known = ",".join(about.fields_for(User.objects.get(pk=user.pk)))
        for shape in ("table", "groups"):
            said = {"view": "none", "shape": shape, "columns": known}
            assert client.get(f"/{name}", said).status_code == 200, hidden


@pytest.mark.parametrize("role", ["admin", "seller"])
@pytest.mark.parametrize("name", NAMES)
def test_what_a_list_offers_to_be_shown_as_it_can_be_shown_as(client, name, role):
    user = make_user(role, language="en")
    client.force_login(user)
    some_of_everything(user)
    drawn = 0

    for shape in SavedView.Shape.values:
        first = client.get(f"/{name}", {"view": "none", "shape": shape})
        assert first.status_code == 200
        offered = [field.name for field in first.context["shape"]["choices"]]
        pairs = [f"{one},{other}" for one, other in pairwise(offered)] if shape == "groups" else []
        for by in (*offered, *pairs):
            said = {"view": "none", "shape": shape, "by": by}
            answer = client.get(f"/{name}", said)
            assert answer.status_code == 200, said
            assert answer.context["shape"]["name"] == shape, said
            drawn += 1
    assert drawn > 3


@pytest.mark.parametrize("name", NAMES)
def test_a_list_takes_no_harm_from_what_no_text_holds(client, name):
    client.force_login(make_user("admin"))
    assert client.get(f"/{name}", {"q": "\0a"}).status_code == 200
    assert client.get(f"/{name}/filter", {"q": "a\0"}).status_code == 200
    said = {"q": "\0", "every": "1", "ids": []}
    assert client.post(f"/{name}/bulk/export", said).status_code < 500


def test_there_are_lists():
    assert {"contacts", "deals", "leads", "quotes", "tasks", "appointments"} <= set(NAMES)
