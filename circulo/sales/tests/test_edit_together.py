"""Two people who change one deal by its form at once."""

import pytest

from circulo.sales import actions, drafts
from circulo.sales.models import Deal
from circulo.testing.make import make_company, make_deal, make_team, make_user
from circulo.testing.together import begun_form, chosen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def seller(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


def somebody_says(deal, **said):
    draft = drafts.read(said, by=deal.owner, deal=deal)
    actions.change_deal(Deal.objects.get(pk=deal.pk), draft, by=deal.owner)


def saved(client, deal, said):
    answer = client.post(f"{deal.get_absolute_url()}/edit", said)
    deal.refresh_from_db()
    return answer


def test_two_people_who_change_different_fields_of_a_deal_are_merged_silently(client, seller):
    deal = make_deal(owner=seller, title="Vino", source="Web", notes="Uno\nDos")
    mine = begun_form(client, deal) | {"title": "Cava", "notes": "Uno\r\nDos"}

    somebody_says(deal, source="Feria", notes="Tres")

    assert saved(client, deal, mine).status_code == 302
    assert (deal.title, deal.source, deal.notes) == ("Cava", "Feria", "Tres")


@pytest.mark.parametrize(
    ("keep", "stands"), [("mine", "Cava"), ("theirs", "Sidra"), ("original", "Vino")]
)
def test_the_same_field_of_a_deal_asks_which_one_shall_stand(client, seller, keep, stands):
    deal = make_deal(owner=seller, title="Vino", tags=["a"])
    mine = begun_form(client, deal) | {"title": "Cava", "tags": "a, b"}
    somebody_says(deal, title="Sidra", source="Feria")

    asked = saved(client, deal, mine)

    page = asked.content.decode()
    assert asked.status_code == 409 and deal.title == "Sidra"
    assert all(f"<strong>{one}</strong>" in page for one in ("Cava", "Sidra", "Vino"))
    assert saved(client, deal, chosen(asked, keep_title=keep)).status_code == 302
    assert (deal.title, deal.source, deal.tags) == (stands, "Feria", ["a", "b"])


def test_an_amount_and_another_currency_are_not_put_together(client, seller):
    deal = make_deal(owner=seller, amount=1000, currency="EUR")
    mine = begun_form(client, deal) | {"amount": "1200"}
    somebody_says(deal, currency="USD")

    asked = saved(client, deal, mine)

    assert asked.status_code == 409
    assert [one.name for one in asked.context["clashes"]] == ["currency"]
    assert (str(deal.amount), deal.currency) == ("1000.0000", "USD")


def test_a_party_that_somebody_else_named_meanwhile_stays_among_those_of_its_name(client, seller):
    one, other = (make_company(owner=seller, name="Hotel Sol") for _n in range(2))
    before = make_company(owner=seller, name="Duero")
    deal = make_deal(owner=seller, party=before, title="Vino")
    mine = begun_form(client, deal) | {"title": "Cava", "other_id": before.public_id}
    somebody_says(deal, party=other.public_id)

    assert saved(client, deal, mine).status_code == 302
    assert (deal.title, deal.party) == ("Cava", other) and one != other
