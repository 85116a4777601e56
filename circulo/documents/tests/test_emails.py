"""An e-mail from a template: merged, edited, opened in one's own program, noted once."""

import re
from urllib.parse import unquote

import pytest

from circulo.accounts.models import Role
from circulo.testing.make import make_contact, make_template, make_user
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = make_user(name="Eva Ríos")
    client.force_login(user)
    return user


@pytest.fixture
def ana(seller):
    return make_contact(given_name="Ana", first_surname="Núñez", owner=seller,
                        emails=["ana@sol.example", "casa@sol.example"])  # fmt: skip


def the_template():
    return make_template(kind="email", subject="Su consulta, {{ contact.given_name }}",
                         body="{{ contact.salutation }}:\n\nGracias & 1 < 2.")  # fmt: skip


def said(template, **more):
    return {"template": template.public_id, "to": "casa@sol.example", "subject": "Hola",
            "body": "Una línea\r\n\r\ny otra & más", "language": "es", **more}  # fmt: skip


def test_templates_of_e_mails_are_offered_where_one_writes_to_a_contact(client, ana):
    template, letter = the_template(), make_template(name="Carta de precios")
    url = f"/emails/to/{ana.public_id}"

    assert url in client.get(ana.get_absolute_url()).content.decode()
    offered = client.get(url).content.decode()
    assert template.name in offered and letter.name not in offered
    form = client.get(url, {"template": template.public_id}).context["form"]
    assert form.initial["subject"] == "Su consulta, Ana"
    assert form.initial["body"] == "Estimado/a Ana Núñez:\n\nGracias & 1 < 2."
    assert [one for one, _label in form.fields["to"].choices] == [
        "ana@sol.example", "casa@sol.example"]  # fmt: skip


def test_it_opens_in_ones_own_program_and_is_noted_once_it_was_sent(client, ana):
    url, template = f"/emails/to/{ana.public_id}", the_template()

    ready = client.post(url, said(template, then="ready")).content.decode()
    address = unquote(re.findall(r'href="(mailto:[^"]+)"', ready)[0].replace("&amp;", "&"))
    assert address.startswith("mailto:casa@sol.example?subject=Hola&body=Una línea\n\ny otra & más")
    assert not Interaction.objects.exists()

    for _twice in range(2):
        answer = client.post(url, said(template, then="sent", once="one-and-the-same"))
        assert answer.headers["Location"] == ana.get_absolute_url()
    told = Interaction.objects.get()
    assert (told.kind, told.direction, told.subject) == ("email", "out", "Hola")
    assert told.body == "Una línea\n\ny otra & más" and told.data["to"] == ["casa@sol.example"]


def test_addresses_that_a_role_does_not_see_are_not_offered(client, seller, ana):
    Role.objects.filter(pk=seller.role_id).update(hidden={"contacts": ["emails"]})
    page = client.get(f"/emails/to/{ana.public_id}", {"blank": "1"}).content.decode()

    assert "sol.example" not in page
    wrong = client.post(f"/emails/to/{ana.public_id}", {"blank": "1", "subject": "", "body": "x",
                                                        "language": "es"})  # fmt: skip
    assert wrong.status_code == 422


def test_nobody_writes_to_whom_they_may_not_change(client, ana):
    client.force_login(make_user("auditor"))
    assert client.get(f"/emails/to/{ana.public_id}").status_code in (403, 404)
    client.force_login(make_user())
    assert client.get(f"/emails/to/{ana.public_id}").status_code == 404
