import re
from html import unescape

import pytest
from django.urls import reverse

from circulo.lib.acting import acting
from circulo.parties import actions
from circulo.parties.drafts import read
from circulo.parties.models import Party
from circulo.records.actions.own_fields import add_field
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def edit_url(party):
    return f"{party.get_absolute_url()}/edit"


def form_of(client, party):
    """The values a browser would send back untouched."""
    return fields_in(client.get(edit_url(party)).content.decode())


def fields_in(html):
    values: dict[str, list[str]] = {}
    html = html[html.index('<form class="form') :]
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and not (kind and kind[1] in ("radio", "checkbox") and "checked" not in tag):
            values.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        values.setdefault(name, []).append(chosen[1] if chosen else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.S):
        values.setdefault(name, []).append(unescape(text).lstrip("\n"))
    values.pop("csrfmiddlewaretoken", None)
    return values


def rich_contact(owner, **said):
    return make_contact(
        owner=owner,
        emails=[{"value": "ana@example.com", "label": "Work"}, "b@example.com"],
        phones=["612345678"],
        addresses=[{"street": "Mayor 1", "city": "Soria", "postal_code": "42001", "country": "ES"}],
        tax_id="12345678Z",
        tags=["fair"],
        notes="Two\nlines",
        **said,
    )


def test_a_form_sent_back_untouched_changes_nothing(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller, company=make_company(owner=seller))

    answer = client.post(edit_url(party), form_of(client, party))

    assert (answer.status_code, answer.url) == (302, party.get_absolute_url())
    assert Party.objects.get(pk=party.pk).version == 1


def test_what_is_changed_is_saved_and_the_rest_stays(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller)

    said = form_of(client, party) | {"job_title": ["Head"], "phones_value": ["983 110 220"]}
    client.post(edit_url(party), said)

    party = Party.objects.get(pk=party.pk)
    assert (party.job_title, party.tax_id, party.tags) == ("Head", "12345678Z", ["fair"])
    assert [p.value for p in party.points.filter(kind="phone")] == ["+34983110220"]
    assert [p.value for p in party.points.filter(kind="email")] == [
        "ana@example.com",
        "b@example.com",
    ]


def test_two_people_who_change_different_fields_are_merged_silently(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller)
    mine = form_of(client, party) | {"job_title": ["Head"]}

    actions.change_party(party, read({"source": "Fair"}, party.kind, partial=True), by=seller)
    answer = client.post(edit_url(party), mine)

    party = Party.objects.get(pk=party.pk)
    assert (answer.status_code, party.job_title, party.source) == (302, "Head", "Fair")


def test_the_same_field_asks_which_one_shall_stand(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller)
    mine = form_of(client, party) | {"job_title": ["Head"], "source": ["Web"]}

    theirs = {"job_title": "Chief", "notes": "New"}
    boss = make_user("admin", name="Carmen Roldán")
    with acting(boss.pk, "screen"):
        actions.change_party(party, read(theirs, party.kind, partial=True), by=boss)
    asked = client.post(edit_url(party), mine)
    page = asked.content.decode()

    assert asked.status_code == 409 and "Head" in page and "Chief" in page
    assert "Carmen Roldán lo guardó ahora mismo." in page
    assert Party.objects.get(pk=party.pk).job_title == "Chief"

    for keep, stands in (("theirs", "Chief"), ("mine", "Head")):
        chosen = fields_in(page) | {"keep_job_title": [keep]}
        answer = client.post(edit_url(party), chosen)
        saved = Party.objects.get(pk=party.pk)
        assert (answer.status_code, saved.job_title) == (302, stands)
        assert (saved.source, saved.notes) == ("Web", "New")


def test_what_stood_there_before_both_may_be_chosen_too(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller, job_title="Clerk")
    mine = form_of(client, party) | {"job_title": ["Head"], "source": ["Web"]}
    actions.change_party(party, read({"job_title": "Chief"}, party.kind, partial=True), by=seller)
    page = client.post(edit_url(party), mine).content.decode()

    answer = client.post(edit_url(party), fields_in(page) | {"keep_job_title": ["original"]})

    saved = Party.objects.get(pk=party.pk)
    assert (answer.status_code, saved.job_title, saved.source) == (302, "Clerk", "Web")


def test_what_cannot_be_is_said_at_its_field_and_the_text_stays(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller)

    said = form_of(client, party) | {"emails_value": ["not an address"], "birthday": ["3000-01-01"]}
    answer = client.post(edit_url(party), said)

    page = answer.content.decode()
    assert answer.status_code == 422 and "not an address" in page
    assert (
        page.count('aria-invalid="true"') == 2 and page.split("</main>")[0].count("autofocus") == 1
    )
    assert Party.objects.get(pk=party.pk).version == 1


@pytest.mark.usefixtures("in_english")
def test_all_that_is_wrong_is_said_in_one_round(client):
    admin = make_user("admin", language="en")
    client.force_login(admin)
    add_field("contacts", "number", {"label_es": "Botellas"}, by=admin)
    party = rich_contact(admin)

    said = form_of(client, party)
    own = next(name for name in said if name.startswith("custom."))
    wrong = {"emails_value": ["nowhere"], "birthday": ["3000-01-01"], "given_name": [""],
             "first_surname": [""], "second_surname": [""], own: ["many"],
             "addresses_country": ["ZZ"], "tax_id": ["12345678A"]}  # fmt: skip
    answer = client.post(edit_url(party), said | wrong)

    page = answer.content.decode()
    assert answer.status_code == 422 and "nowhere" in page and 'value="many"' in page
    faults = answer.context["form"].errors if answer.context else {}
    print(faults, page.count('aria-invalid="true"'))
    assert page.count('aria-invalid="true"') >= 5
    assert Party.objects.get(pk=party.pk).version == 1
    right = client.post(edit_url(party), said | {own: ["12"]})
    assert right.status_code == 302
    assert 12 in Party.objects.get(pk=party.pk).custom.values()


def test_more_rows_come_without_script_and_nothing_is_saved(client):
    seller = make_user()
    client.force_login(seller)
    party = rich_contact(seller)
    said = form_of(client, party) | {"job_title": ["Head"], "more": ["phones"]}

    answer = client.post(edit_url(party), said)

    page = answer.content.decode()
    assert answer.status_code == 200 and page.count('name="phones_value"') == 4
    assert "Head" in page and Party.objects.get(pk=party.pk).job_title == ""


def test_a_company_that_one_may_not_see_is_neither_told_nor_lost(client):
    norte, sur = make_team(), make_team()
    seller, stranger = make_user(team=norte), make_user(team=sur)
    client.force_login(seller)
    secret = make_company(owner=stranger, name="Secreta")
    party = make_contact(owner=seller, company=secret)

    shown = client.get(edit_url(party)).content.decode()
    client.post(edit_url(party), fields_in(shown) | {"job_title": ["Head"]})

    saved = Party.objects.get(pk=party.pk)
    assert "Secreta" not in shown and (saved.job_title, saved.company) == ("Head", secret)


def test_fields_that_the_role_does_not_see_are_not_there_and_stay(client):
    seller = make_user()
    seller.role.hidden = {"contacts": ["tax_id", "phones", "notes"]}
    seller.role.save()
    client.force_login(seller)
    party = rich_contact(seller)

    shown = client.get(edit_url(party)).content.decode()
    client.post(edit_url(party), fields_in(shown) | {"job_title": ["Head"], "tax_id": ["X"]})

    saved = Party.objects.get(pk=party.pk)
    assert "12345678Z" not in shown and "Two" not in shown
    assert "612345678" not in "".join(shown.split())
    assert (saved.tax_id, saved.notes, saved.job_title) == ("12345678Z", "Two\nlines", "Head")
    assert saved.points.filter(kind="phone").count() == 1


@pytest.mark.parametrize("role,owns,status", [
    ("seller", True, 200), ("seller", False, 404), ("manager", False, 200), ("auditor", False, 404),
])  # fmt: skip
def test_only_who_may_change_a_record_gets_its_form(client, role, owns, status):
    team = make_team()
    user = make_user(role, team=team)
    party = make_contact(owner=user if owns else make_user(team=team))
    client.force_login(user)

    assert client.get(party.get_absolute_url()).status_code == 200
    assert client.get(edit_url(party)).status_code == status
    assert client.post(edit_url(party), {"job_title": "x"}).status_code != 500


def test_a_contact_is_not_found_under_companies(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    assert client.get(f"/companies/{party.public_id}/edit").status_code == 404
    assert client.get("/contacts/0000000000/edit").status_code == 404
    assert client.get(reverse("parties:edit_contact", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("said", [
    {"base": "{"}, {"base": "[" * 100_000}, {"said": "[1]", "base": "{}"}, {"emails_primary": "x"},
    {"said": '{"emails": {"a": 1}}'}, {"said": '{"company": 5, "owner": [1], "name": 3}'},
    {"said": '{"given_name": ["x"], "addresses": 7}', "base": "{}"}, {"given_name": "\0"},
    {"owner": "zzzzzzzzzz"}, {"company_name": "x" * 5000}, {"phones_value": ["1"] * 200},
    {"birthday": "1999-99-99"}, {"tax_country": "XX"}, {"language": "<b>"}, {"more": "given_name"},
    {"more": "nothing"},
])  # fmt: skip
def test_nothing_that_a_browser_can_send_breaks_it(client, said):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    answer = client.post(edit_url(party), {"given_name": "A", "lifecycle": "contact"} | said)

    assert answer.status_code in (200, 302, 409, 422)
