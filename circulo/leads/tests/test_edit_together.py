"""Two people who change one lead by its form at once."""

import pytest

from circulo.leads import actions, drafts
from circulo.leads.models import Lead
from circulo.testing.make import make_lead, make_team, make_user
from circulo.web.meeting import begun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def owner(client):
    user = make_user(team=make_team(), language="en", region="es-ES")
    client.force_login(user)
    return user


def begun_by_both(client, lead, **theirs):
    """The form as one of two has it, once the other has saved theirs."""
    form = client.get(f"{lead.get_absolute_url()}/edit").context["form"]
    draft = drafts.read(theirs, by=lead.owner, lead=lead)
    actions.change_lead(Lead.objects.get(pk=lead.pk), draft, by=lead.owner)
    return {name: form[name].value() or "" for name in form.fields} | {"base": begun(form)}


def test_two_people_who_change_different_fields_of_a_lead_are_merged_silently(client, owner):
    lead = make_lead(owner=owner, company="Duero", phone="983 110 220")
    mine = begun_by_both(client, lead, source="Feria") | {"company": "Tormes"}

    answer = client.post(f"{lead.get_absolute_url()}/edit", mine)

    lead.refresh_from_db()
    assert (answer.status_code, lead.company, lead.source) == (302, "Tormes", "Feria")


def test_the_same_field_of_a_lead_asks_which_one_shall_stand(client, owner):
    lead = make_lead(owner=owner, company="Duero")
    mine = begun_by_both(client, lead, company="Pisuerga") | {"company": "Tormes"}

    asked = client.post(f"{lead.get_absolute_url()}/edit", mine)

    page = asked.content.decode()
    assert asked.status_code == 409 and "Tormes" in page and "Pisuerga" in page
    kept = dict(asked.context["carried"]) | {"base": asked.context["base"]}
    answer = client.post(f"{lead.get_absolute_url()}/edit", kept | {"keep_company": "mine"})
    lead.refresh_from_db()
    assert (answer.status_code, lead.company) == (302, "Tormes")
