"""A public form makes leads: with proof of consent, without a login, a script or a puzzle."""

import re
import time
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from circulo.leads.models import FormEntry, Lead, WebForm
from circulo.portal import stamps
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import make_contact, make_form, make_route_rule, make_user

pytestmark = pytest.mark.django_db
WHO = {"name": "Begoña Núñez", "email": "b@duero.example"}
AGREES = [
    {"purpose": "contact", "text": "Acepto que me respondáis.", "is_required": True},
    {"purpose": "marketing", "text": "Quiero novedades."},
]


def path(form):
    return f"/f/{form.token}"


def stamp_of(form, *, age=10):
    with mock.patch("time.time", return_value=time.time() - age):
        return stamps.stamp(form.token)


def send(client, form, **said):
    return client.post(path(form), {"stamp": stamp_of(form), **WHO, **said})


def test_what_is_sent_becomes_a_lead_with_the_proof_of_what_was_agreed_to(client):
    seller = make_user()
    make_route_rule(seller)
    form = make_form(source="Web", campaign="Otoño", tags=["vino"], consents=AGREES)

    answer = client.post(
        path(form), {"stamp": stamp_of(form), **WHO, "consent-contact": "on"},
        headers={"User-Agent": "Firefox"},
    )  # fmt: skip

    lead, entry = Lead.objects.get(), FormEntry.objects.get()
    assert answer.status_code == 200 and "Gracias" in answer.content.decode()
    assert (str(lead), lead.email, lead.owner) == ("Begoña Núñez", "b@duero.example", seller)
    assert (lead.source, lead.campaign, lead.tags, lead.channel, lead.language) == (
        "Web", "Otoño", ["vino"], "web", "es"
    )  # fmt: skip
    assert entry.lead == lead and entry.user_agent == "Firefox" and "127.0.0.1" not in entry.network
    assert [(one["text"], one["version"], one["agreed"]) for one in entry.consents] == [
        ("Acepto que me respondáis.", 1, True), ("Quiero novedades.", 1, False)
    ]  # fmt: skip


def test_sent_twice_it_is_one_lead_and_the_same_words_again_too(client):
    form = make_form()
    same = stamp_of(form)
    for _n in range(2):
        assert client.post(path(form), {"stamp": same, **WHO}).status_code == 200
    send(client, form)
    assert Lead.objects.count() == 1
    FormEntry.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    send(client, form)
    assert Lead.objects.count() == 2


def test_without_consent_or_a_name_it_is_asked_again_and_nothing_is_lost(client):
    form = make_form(consents=AGREES)
    answer = send(client, form, name="")
    page = answer.content.decode()
    assert answer.status_code == 422 and not Lead.objects.exists()
    assert "b@duero.example" in page and 'aria-invalid="true"' in page


@pytest.mark.parametrize(("age", "status"), [(0, 422), (60 * 60 * 30, 422), (10, 200)])
def test_who_is_too_quick_or_too_late_presses_once_more(client, age, status):
    form = make_form()
    answer = client.post(path(form), {"stamp": stamp_of(form, age=age), **WHO})
    assert answer.status_code == status and Lead.objects.exists() is (status == 200)
    if status == 422:
        page = answer.content.decode()
        assert "Begoña" in page and "una vez más" in page
        kept = re.search(r'name="stamp" value="([^"]+)"', page)
        assert kept
        with mock.patch("time.time", return_value=time.time() + 10):
            client.post(path(form), {"stamp": kept[1], **WHO})
        assert Lead.objects.count() == 1


def test_html_of_another_site_is_confirmed_on_our_page(client):
    form = make_form()
    answer = Client(enforce_csrf_checks=True).post(path(form), WHO)
    assert answer.status_code == 422 and "Begoña" in answer.content.decode()
    assert not Lead.objects.exists()
    forged = client.post(path(form), {"stamp": stamp_of(make_form()), **WHO})
    assert forged.status_code == 422


@pytest.mark.parametrize(
    "said", [{"website": "http://x.example"}, {"name": "Buy http://x.example now"}]
)
def test_what_looks_like_spam_waits_for_a_look_and_nobody_is_told(client, said):
    make_route_rule(make_user())
    known = make_contact(emails=["b@duero.example"])

    answer = send(client, make_form(), **said)

    lead = Lead.objects.get()
    assert answer.status_code == 200 and lead.status == "suspect" and lead.owner is None
    assert FormEntry.objects.get().doubts and not known.interactions.exists()


def test_one_network_sends_so_many_an_hour_and_what_was_written_stays(client):
    form = make_form()
    for n in range(20):
        send(client, form, email=f"x{n}@duero.example")
    answer = send(client, form, email="last@duero.example")
    assert answer.status_code == 429 and "last@duero.example" in answer.content.decode()
    assert Lead.objects.count() == 20


def test_it_is_shown_in_frames_of_its_sites_only_and_leads_to_none_but_them(client):
    form = make_form(sites=["https://www.duero.example"],
                     thanks_url="https://www.duero.example/gracias")  # fmt: skip
    policy = client.get(path(form)).headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.duero.example" in policy
    assert "form-action 'self' https://www.duero.example" in policy
    assert send(client, form)["Location"] == "https://www.duero.example/gracias"
    alone = client.get(path(make_form()))
    assert "frame-ancestors 'self';" in alone.headers["Content-Security-Policy"] + ";"
    assert not alone.cookies and "<script" not in alone.content.decode()


def test_a_form_out_of_use_is_not_there(client):
    form = make_form()
    WebForm.objects.update(is_active=False)
    assert client.get(path(form)).status_code == 404
    assert send(client, form).status_code == 404 and not Lead.objects.exists()
    assert client.get("/f/nothing").status_code == 404


def test_hostile_words_are_shown_as_they_are(client):
    form = make_form(fields=[{"name": "email"}, {"name": "message"}, {"name": "company"}])
    bad = '"><script>alert(1)</script>'
    send(client, form, email="b@duero.example", message=bad, company=bad)
    client.force_login(make_user("admin"))
    page = client.get(f"/leads/{Lead.objects.get().public_id}").content.decode()
    assert bad not in page and "&lt;script&gt;" in page


def test_who_agrees_to_something_else_with_the_same_words_has_that_proven_too(client):
    form = make_form(consents=AGREES)
    both = {"consent-contact": "on", "consent-marketing": "on"}
    send(client, form, **both)
    send(client, form, **{"consent-contact": "on"})
    send(client, form, **{"consent-contact": "on"})
    agreed = [
        {one["purpose"] for one in entry.consents if one["agreed"]}
        for entry in FormEntry.objects.order_by("pk")
    ]
    assert agreed == [{"contact", "marketing"}, {"contact"}]
    assert Lead.objects.count() == 1
    assert FormEntry.objects.exclude(lead=Lead.objects.get()).count() == 0


def test_what_is_larger_than_a_form_is_refused_before_it_is_read(client):
    form = make_form()
    answer = send(client, form, file=SimpleUploadedFile("big.bin", b"x" * (1 << 20)))
    assert answer.status_code == 413
    assert not FormEntry.objects.exists()


def test_an_own_field_that_leads_must_have_stops_no_stranger(client):
    add_field("leads", "text", {"label_es": "Origen del viaje", "is_required": True}, by=None)
    assert send(client, make_form()).status_code == 200
    assert Lead.objects.count() == 1


def test_all_that_is_wrong_is_said_at_once_and_at_its_place(client):
    form = make_form(consents=AGREES)

    answer = send(client, form, email="nobody@@x")

    page = answer.content.decode()
    assert answer.status_code == 422 and not Lead.objects.exists()
    assert 'id="id_email_error"' in page and 'id="id_consent-contact_error"' in page
    assert page.count('<p class="error"') == 2
    assert "Su consentimiento" in page
