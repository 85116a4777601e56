"""A file for an own field is chosen in the form itself, of whatever kind the record is."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from circulo.accounts.models import Role
from circulo.catalog.models import Product
from circulo.leads.models import Lead
from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.records.models import Attachment
from circulo.sales.models import Deal
from circulo.testing.make import (
    make_contact,
    make_deal,
    make_lead,
    make_product,
    make_quote,
    make_user,
)

pytestmark = pytest.mark.django_db
FIELD = "custom.contrato"
NEW: dict[str, Any] = {
    "contacts": ("parties:new_contact", {"given_name": "Ana", "lifecycle": "contact"}, Party),
    "companies": ("parties:new_company", {"name": "Olmo, S. L.", "lifecycle": "contact"}, Party),
    "leads": ("leads:new", {"given_name": "Ana", "company": "Olmo"}, Lead),
    "products": (
        "catalog:new_product",
        {"name": "Roble", "kind": "product", "tax_class": "reduced"},
        Product,
    ),
    "deals": ("sales:new", {"title": "Tejado", "currency": "EUR"}, Deal),
}


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def field(kind):
    return add_field(kind, "file", {"label_es": "Contrato"}, by=None)


def paper(name="contrato.txt", says=b"Entre las partes"):
    return SimpleUploadedFile(name, says, "text/plain")


def filled(form):
    """What a form that was drawn sends where nobody touches it."""
    said = {one.html_name: one.value() for one in form}
    kept = {name: value for name, value in said.items() if isinstance(value, str | int | date)}
    return {name: str(value) for name, value in kept.items()}


@pytest.mark.parametrize("kind", NEW)
def test_a_new_record_takes_its_file_along(client, admin, kind):
    field(kind)
    where, said, model = NEW[kind]
    drawn = client.get(reverse(where))
    assert 'enctype="multipart/form-data"' in drawn.content.decode()
    begun = filled(drawn.context["form"])
    sent = client.post(reverse(where), begun | said | {f"{FIELD}.new": paper(), "sure": "1"})
    assert sent.status_code == 302, sent.context["form"].errors
    one = model.objects.latest("pk")
    kept = Attachment.objects.get()
    assert (kept.name, kept.record_id) == ("contrato.txt", one.pk)
    assert one.custom == {"contrato": kept.public_id}
    assert kept.file.read_bytes() == b"Entre las partes"
    assert b"contrato.txt" in client.get(one.get_absolute_url()).content


def test_a_record_that_is_there_takes_one_and_keeps_the_others(client, admin):
    field("deals")
    deal = make_deal(owner=admin, title="Tejado")
    where = reverse("sales:edit", args=[deal.public_id])
    for name in ("uno.txt", "dos.txt"):
        begun = filled(client.get(where).context["form"])
        assert client.post(where, begun | {f"{FIELD}.new": paper(name)}).status_code == 302
    deal.refresh_from_db()
    first, second = Attachment.objects.order_by("pk")
    assert deal.custom == {"contrato": second.public_id}
    begun = filled(client.get(where).context["form"])
    client.post(where, begun | {FIELD: first.public_id})
    deal.refresh_from_db()
    assert deal.custom == {"contrato": first.public_id}
    client.post(where, filled(client.get(where).context["form"]) | {FIELD: ""})
    deal.refresh_from_db()
    assert deal.custom == {}
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "where", "make"),
    [
        ("contacts", "parties:edit_contact", make_contact),
        ("leads", "leads:edit", make_lead),
        ("products", "catalog:edit_product", make_product),
        ("quotes", "quotes:edit", make_quote),
    ],
)
def test_every_form_of_what_is_there_takes_one(client, admin, kind, where, make):
    field(kind)
    one = make() if kind == "products" else make(owner=admin)
    where = reverse(where, args=[one.public_id])
    begun = filled(client.get(where).context["form"])
    base = client.get(where).context.get("base")
    begun |= {"base": base} if base else {}
    begun |= {"version": one.version} if kind == "products" else {}
    sent = client.post(where, begun | {f"{FIELD}.new": paper()})
    assert sent.status_code == 302, sent.context["form"].errors
    one.refresh_from_db()
    assert one.custom == {"contrato": Attachment.objects.get().public_id}


def test_what_else_is_wrong_does_not_lose_the_file_of_what_is_there(client, admin):
    field("deals")
    deal = make_deal(owner=admin, title="Tejado")
    where = reverse("sales:edit", args=[deal.public_id])
    begun = filled(client.get(where).context["form"])
    refused = client.post(where, begun | {"title": "", f"{FIELD}.new": paper()})
    assert refused.status_code == 422
    again = filled(refused.context["form"]) | {"title": "Tejado nuevo"}
    assert again[FIELD] == Attachment.objects.get().public_id
    assert client.post(where, again).status_code == 302
    deal.refresh_from_db()
    assert (deal.title, deal.custom["contrato"]) == ("Tejado nuevo", again[FIELD])


def test_of_a_new_one_the_form_says_that_it_has_to_be_chosen_again(client, admin):
    field("deals")
    begun = filled(client.get(reverse("sales:new")).context["form"])
    refused = client.post(reverse("sales:new"), begun | {"title": "", f"{FIELD}.new": paper()})
    assert refused.status_code == 422
    assert "Elija «contrato.txt» otra vez" in refused.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("says", [b"", b"x" * 11])
def test_what_is_empty_or_too_large_is_refused_at_its_field(client, admin, settings, says):
    settings.FILE_LIMIT = 10
    field("deals")
    deal = make_deal(owner=admin, title="Tejado")
    for where in (reverse("sales:new"), reverse("sales:edit", args=[deal.public_id])):
        begun = filled(client.get(where).context["form"]) | {"title": "Otro"}
        refused = client.post(where, begun | {f"{FIELD}.new": paper(says=says)})
        assert refused.status_code == 422
        assert "contrato.txt" in refused.context["form"].errors[FIELD][0]
    assert not Attachment.objects.exists()
    assert Deal.objects.get().title == "Tejado"


def test_a_form_that_is_sent_twice_keeps_one_file(client, admin):
    field("deals")
    begun = filled(client.get(reverse("sales:new")).context["form"]) | {"title": "A", "once": "k"}
    for _time in range(2):
        client.post(reverse("sales:new"), begun | {f"{FIELD}.new": paper()})
    assert (Deal.objects.count(), Attachment.objects.count()) == (1, 1)


def test_it_is_taken_back_with_the_record(client, admin):
    field("deals")
    begun = filled(client.get(reverse("sales:new")).context["form"]) | {"title": "A"}
    answer = client.post(reverse("sales:new"), begun | {f"{FIELD}.new": paper()}, follow=True)
    [undo] = re.findall(r'"/changes/[^"]+"', answer.content.decode().replace("&quot;", '"'))[:1]
    assert client.post(undo.strip('"')).status_code in (200, 302)
    assert not Deal.objects.filter(binned_at=None).exists()
    assert not Attachment.objects.exists()


def test_a_role_that_does_not_see_the_field_sends_nothing_for_it(client, admin):
    field("deals")
    Role.objects.filter(pk="seller").update(hidden={"deals": [FIELD]})
    seller = make_user("seller")
    client.force_login(seller)
    drawn = client.get(reverse("sales:new"))
    assert 'type="file"' not in drawn.content.decode()
    begun = filled(drawn.context["form"]) | {"title": "A"}
    assert client.post(reverse("sales:new"), begun | {f"{FIELD}.new": paper()}).status_code == 302
    assert not Attachment.objects.exists()
    assert Deal.objects.get().custom == {}
