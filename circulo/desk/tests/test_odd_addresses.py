"""What is no address of the web breaks nothing, wherever a program or a person writes one."""

import pytest
from django.test import Client

from circulo.accounts.actions import add_token
from circulo.dav.tests.programs import Program
from circulo.leads.form_fields import site_of
from circulo.lib.addresses import NOWHERE, parted
from circulo.lib.errors import Invalid
from circulo.parties.drafts import read
from circulo.parties.models import Point
from circulo.testing.make import make_contact, make_user

pytestmark = pytest.mark.django_db
ODD = ("http://[", "https://[x.y", "//[::1", "http://a]b/")


@pytest.mark.parametrize("odd", ODD)
def test_it_has_no_parts(odd):
    assert parted(odd) in (NOWHERE, parted("http://a]b/"))
    assert site_of("http://[") == ""
    assert parted("https://shop.example/a?b").netloc == "shop.example"


@pytest.mark.parametrize("odd", ODD)
def test_a_calendar_program_is_told_that_nothing_is_there(odd):
    program = Program(make_user())
    inside = f"<D:prop><D:getetag/></D:prop><D:href>{odd}</D:href>"
    found = program.report("appointments/", "C:calendar-multiget", inside)
    assert [one.status for one in found.values()] == ["HTTP/1.1 404 Not Found"]


@pytest.mark.parametrize("odd", ODD)
def test_an_undo_and_a_login_lead_somewhere_all_the_same(client, odd):
    user = make_user("admin")
    client.force_login(user)
    contact = make_contact(owner=user)
    client.post(f"/contacts/{contact.public_id}/edit", {})
    where = f"/parties/{contact.public_id}/bin"
    assert client.post(where, headers={"Referer": odd}).status_code == 302
    gone = client.get("/contacts").content.decode()
    undo = gone.partition('data-undo="')[2].partition('"')[0]
    assert client.post(undo, headers={"Referer": odd}).status_code == 302
    fragment = {"HX-Request": "true", "HX-Current-URL": odd}
    assert Client().get("/contacts", headers=fragment).status_code == 401
    assert Client().post("/contacts/widths", headers={"Referer": odd}).status_code in (302, 403)


@pytest.mark.parametrize("odd", ODD[:2])
def test_it_is_no_website_and_one_that_is_there_is_shown_as_it_stands(client, odd):
    with pytest.raises(Invalid):
        read({"given_name": "Ana", "website": odd}, "person")
    user = make_user("admin")
    contact = make_contact(owner=user, website="www.olmo.example")
    Point.objects.filter(kind="web").update(value=odd)
    client.force_login(user)
    assert odd in client.get(contact.get_absolute_url()).content.decode()
    token = {"Authorization": f"Bearer {add_token(user, name='x')}"}
    answer = client.get(f"/api/v1/contacts/{contact.public_id}/overview", headers=token)
    assert answer.status_code == 200
