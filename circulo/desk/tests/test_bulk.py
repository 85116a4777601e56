import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from pypdf import PdfReader

from circulo.accounts.models import Role
from circulo.leads.models import Lead
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.records.own.fields import kinds_with_own_fields
from circulo.sales.models import Deal
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_lead,
    make_product,
    make_quote,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
CUSTOMERS = json.dumps({"field": "lifecycle", "op": "is", "value": "customer"})


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def act(client, name, parties, sure=True, **said):
    chosen = {"ids": [party.public_id for party in parties]}
    return client.post(f"/contacts/bulk/{name}", chosen | ({"sure": 1} if sure else {}) | said)


def test_first_it_says_how_many_and_what(client, admin):
    parties = [make_contact(owner=admin) for _ in range(3)]

    page = act(client, "bin", parties, sure=False)

    assert page.status_code == 200
    assert page.context["sentence"].count("3") == 1
    assert Party.objects.kept().count() == 3


def test_a_bin_act_is_undone_from_the_toast(client, admin):
    parties = [make_contact(owner=admin) for _ in range(3)]
    old = make_contact(owner=admin)
    act(client, "bin", [old])

    act(client, "bin", parties)
    toast = client.get("/contacts").content.decode()
    assert Party.objects.kept().count() == 0
    address = re.search(r'data-undo="(/changes[^"]+)"', toast)
    assert address
    assert client.post(unescape(address[1])).status_code == 302

    assert set(Party.objects.kept()) == set(parties)


def test_owner_lifecycle_and_tags_are_set_on_all(client, admin):
    parties = [make_contact(owner=admin, tags=["old"]) for _ in range(2)]
    other = make_user()

    assert act(client, "owner", parties, value=ids.encode("user", other.pk)).status_code == 302
    act(client, "lifecycle", parties, value="lead")
    act(client, "tag", parties, value=" feria 2026 ")
    act(client, "untag", parties, value="old")

    for party in Party.objects.all():
        assert (party.owner, party.lifecycle, party.tags) == (other, "lead", ["feria 2026"])


def test_all_that_fit_are_meant_not_only_the_page(client, admin):
    for number in range(55):
        make_contact(owner=admin, lifecycle="customer" if number % 5 else "lead")

    client.post("/contacts/bulk/tag", {"every": 1, "sure": 1, "value": "x", "filter": CUSTOMERS})

    tagged = Party.objects.filter(tags=["x"])
    assert (tagged.count(), set(tagged.values_list("lifecycle", flat=True))) == (44, {"customer"})


def test_what_one_may_not_change_is_left_out_and_said(client):
    team = make_team()
    seller, colleague = make_user(team=team), make_user(team=team)
    stranger = make_user(team=make_team())
    mine, ours, theirs = (make_contact(owner=user) for user in (seller, colleague, stranger))
    client.force_login(seller)

    page = act(client, "tag", [mine, ours, theirs], sure=False)
    assert (page.context["picked"].count, page.context["picked"].left_out) == (2, 1)
    act(client, "tag", [mine, ours, theirs], value="x")
    act(client, "bin", [ours, theirs])

    assert list(Party.objects.filter(tags=["x"])) == [mine]
    assert Party.objects.kept().count() == 3


def test_who_may_not_change_has_no_act(client):
    client.force_login(make_user("auditor"))
    make_contact(owner=make_user())

    assert client.get("/contacts").context["bulk"] == []
    assert client.post("/contacts/bulk/bin", {"every": 1, "sure": 1}).status_code == 403
    assert client.get("/contacts/export?as=csv").status_code == 403


@pytest.mark.parametrize("said", [{"value": "\0"}, {"value": ""}, {"value": "x" * 99}])
def test_a_bad_tag_is_asked_for_again(client, admin, said):
    assert act(client, "tag", [make_contact(owner=admin)], **said).status_code == 422


@pytest.mark.parametrize(
    ("address", "said", "status"),
    [
        ("/contacts/bulk/nope", {}, 404),
        ("/contacts/bulk/bin", {"ids": ["\0", "x" * 500, "ñ"], "sure": 1}, 200),
        ("/contacts/bulk/bin", {"every": 1, "filter": "{"}, 400),
        ("/contacts/bulk/bin", {"every": 1, "filter": '{"all":1}'}, 400),
        ("/contacts/bulk/owner", {"ids": [], "value": "\0"}, 200),
        ("/bin/restore", {"ids": ["\0"]}, 302),
    ],
)
def test_nonsense_is_refused_without_harm(client, admin, address, said, status):
    make_contact(owner=admin)
    assert client.post(address, said).status_code == status
    assert Party.objects.kept().count() == 1


def test_a_wrong_owner_or_lifecycle_is_refused(client, admin):
    party = make_contact(owner=admin)
    assert act(client, "owner", [party], value="nobody").status_code == 422
    assert act(client, "lifecycle", [party], value="nope").status_code == 422


def test_the_bin_shows_and_gives_back_what_one_may_restore(client):
    seller, stranger = make_user(team=make_team()), make_user(team=make_team())
    mine, theirs = make_contact(given_name="Mía", owner=seller), make_company(owner=stranger)
    Party.objects.update(binned_at="2026-01-01T00:00Z")
    client.force_login(seller)

    assert [one.id for one in client.get("/bin").context["found"]] == [mine.public_id]
    client.post("/bin/restore", {"ids": [mine.public_id, theirs.public_id]})

    assert list(Party.objects.kept()) == [mine]


def test_leads_and_deals_stand_in_the_bin_and_come_back_from_there(client):
    seller, stranger = make_user(team=make_team()), make_user(team=make_team())
    for owner in (seller, stranger):
        make_lead(owner=owner)
        make_deal(owner=owner)
    Lead.objects.update(binned_at="2026-01-01T00:00Z")
    Deal.objects.update(binned_at="2026-01-02T00:00Z")
    client.force_login(seller)

    deal, lead = client.get("/bin").context["found"]
    client.post(deal.url)
    client.post(lead.url)

    assert [one.owner for one in Deal.objects.kept()] == [seller]
    assert [one.owner for one in Lead.objects.kept()] == [seller]
    assert client.get("/bin").context["found"] == []


def test_an_export_holds_what_the_list_holds(client, admin):
    make_contact(given_name="Ana", owner=admin, lifecycle="customer", notes="=1+1")
    make_contact(given_name="Eva", owner=admin)

    answer = client.get("/contacts/export", {"as": "csv", "filter": CUSTOMERS})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert [row["given_name"] for row in rows] == ["Ana"]
    assert not rows[0]["notes"].startswith("=")
    assert b"".join(client.get("/contacts/export?as=xlsx&q=eva").streaming_content)[:2] == b"PK"
    assert client.get("/contacts/export?as=exe").status_code == 400
    assert client.get("/contacts/export?as=csv&filter={").status_code == 400


@pytest.mark.parametrize("said", [{"field": "nope", "op": "is", "value": 1}, [], 0, None, ""])
def test_an_export_by_a_filter_that_is_none_is_refused(client, admin, said):
    for ending in ("csv", "xlsx", "pdf"):
        asked = {"as": ending, "filter": json.dumps(said)}
        assert client.get("/contacts/export", asked).status_code == 400


def test_an_export_that_would_be_cut_says_so_instead(client, admin, monkeypatch):
    monkeypatch.setattr("circulo.desk.views.bulk.MOST_EXPORTED", 2)
    for _ in range(2):
        make_contact(owner=admin)
    whole = client.get("/contacts/export?as=csv")
    assert len(b"".join(whole.streaming_content).splitlines()) == 3

    make_contact(owner=admin)
    answer = client.get("/contacts/export?as=csv", follow=True)

    assert answer.redirect_chain == [("/contacts?", 302)]
    assert "bin/circulo dump" in answer.content.decode()


def test_the_bin_costs_the_same_for_one_as_for_many(client, admin):
    make_contact(owner=admin)
    Party.objects.update(binned_at="2026-01-01T00:00Z")
    client.get("/bin")
    cost_of_one = query_cost(client.get, "/bin")
    for _ in range(4):
        make_contact(owner=make_user())
        make_lead(owner=make_user())
        make_deal(owner=make_user())
    for kind in (Party, Lead, Deal):
        kind.objects.update(binned_at="2026-01-01T00:00Z")
    assert query_cost(client.get, "/bin") == cost_of_one


def test_a_list_is_printed_with_its_filter_and_rights(client):
    norte = make_team()
    seller = make_user("manager", team=norte)
    client.force_login(seller)
    make_contact(owner=seller, given_name="Begoña", lifecycle="customer", emails=["b@x.example"])
    make_contact(owner=seller, given_name="Carlos", lifecycle="lead")
    make_contact(owner=make_user(team=make_team()), given_name="Oculta", lifecycle="customer")
    seller.role.hidden = {"contacts": ["emails"]}
    seller.role.save()

    answer = client.get("/contacts/export", {"as": "pdf", "filter": CUSTOMERS})

    printed = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Begoña" in printed and "Carlos" not in printed and "Oculta" not in printed
    assert "b@x.example" not in printed
    assert client.get("/contacts/export", {"as": "pdf", "filter": "{"}).status_code == 400
    assert client.get("/contacts/export", {"as": "pdf", "sort": "nope"}).status_code == 400


def test_only_what_is_ticked_is_handed_out_to_whoever_may_take_it_along(client):
    manager = make_user("manager", team=make_team(), language="en")
    client.force_login(manager)
    one, other = (make_contact(given_name=name, owner=manager) for name in ("Ana", "Eva"))
    page = client.get("/contacts").content.decode()
    assert 'formaction="/contacts/bulk/export"' in page

    asked = {"ids": [one.public_id]}
    assert "Export 1 contact" in client.post("/contacts/bulk/export", asked).content.decode()
    answer = client.post("/contacts/bulk/export", asked | {"sure": "1", "value": "csv"})
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Ana" in told and "Eva" not in told and other.public_id not in told
    wrong = client.post("/contacts/bulk/export", asked | {"sure": "1", "value": "exe"})
    assert wrong.status_code == 422

    Role.objects.filter(pk="manager").update(rights={"contacts": {"export": False}})
    assert "bulk/export" not in client.get("/contacts").content.decode()
    assert client.post("/contacts/bulk/export", asked).status_code == 403


MAKE: dict[str, Callable[..., Any]] = {
    "contacts": make_contact, "companies": make_company, "leads": make_lead, "deals": make_deal,
    "quotes": make_quote, "products": make_product,
}  # fmt: skip


@pytest.mark.parametrize("kind", kinds_with_own_fields())
def test_an_own_field_is_set_on_many_of_every_kind(client, admin, kind):
    add_field(kind, "choice", {"label_es": "Ruta", "choices": ["Norte", "Sur"]}, by=admin)
    rows = [MAKE[kind]() for _ in range(3)]
    said = {"ids": [one.public_id for one in rows], "field": "ruta", "value": "sur", "sure": 1}
    answer = client.post(f"/{kind}/bulk/field", said)
    assert answer.status_code == 302, answer.content.decode()
    for one in rows:
        one.refresh_from_db()
        assert one.custom == {"ruta": "sur"}
