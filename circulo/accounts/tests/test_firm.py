import pytest
from django.core.management import call_command

from circulo.accounts import actions, selectors
from circulo.accounts.models import Audit
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db
FIRM = {
    "name": "Duero Industrial",
    "country": "CL",
    "currency": "CLP",
    "language": "es",
    "region": "es-CL",
    "time_zone": "America/Santiago",
}


def test_new_people_begin_with_what_the_firm_says(client):
    client.force_login(make_user("admin"))
    assert client.post("/settings/firm", FIRM).status_code == 302
    assert selectors.firm().currency == "CLP"
    user = actions.add_user("ana@example.com", role="seller")
    assert (user.region, user.time_zone) == ("es-CL", "America/Santiago")
    assert Audit.objects.filter(what="firm_changed").exists()
    call_command("check")


@pytest.mark.parametrize("bad", [{"country": "XX"}, {"currency": "€"}, {"name": ""}])
def test_bad_values_come_back_with_the_form(client, bad):
    client.force_login(make_user("admin"))
    assert client.post("/settings/firm", FIRM | bad).status_code == 422
    assert selectors.firm().country == "ES"
