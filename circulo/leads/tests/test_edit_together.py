"""Two people who change one lead by its form at once."""

import pytest

from circulo.leads import actions, drafts
from circulo.leads.models import Lead
from circulo.testing.make import make_lead, make_team, make_user
from circulo.testing.together import begun_form, chosen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def owner(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


def somebody_says(lead, **said):
    draft = drafts.read(said, by=lead.owner, lead=lead)
    actions.change_lead(Lead.objects.get(pk=lead.pk), draft, by=lead.owner)


def test_two_people_who_change_different_fields_of_a_lead_are_merged_silently(client, owner):
    lead = make_lead(owner=owner, company="Duero", phone="983 110 220")
    mine = begun_form(client, lead) | {"company": "Tormes"}
    somebody_says(lead, source="Feria")

    answer = client.post(f"{lead.get_absolute_url()}/edit", mine)

    lead.refresh_from_db()
    assert (answer.status_code, lead.company, lead.source) == (302, "Tormes", "Feria")


def test_the_same_field_of_a_lead_asks_which_one_shall_stand(client, owner):
    lead = make_lead(owner=owner, company="Duero")
    mine = begun_form(client, lead) | {"company": "Tormes"}
    somebody_says(lead, company="Pisuerga")

    asked = client.post(f"{lead.get_absolute_url()}/edit", mine)

    page = asked.content.decode()
    assert asked.status_code == 409 and "Tormes" in page and "Pisuerga" in page
    kept = chosen(asked, keep_company="mine")
    answer = client.post(f"{lead.get_absolute_url()}/edit", kept)
    lead.refresh_from_db()
    assert (answer.status_code, lead.company) == (302, "Tormes")
