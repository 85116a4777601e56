import pytest

from circulo.lib import ids
from circulo.testing.make import make_company, make_contact, make_interaction, make_team, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def seller(client):
    user = make_user(team=make_team())
    client.force_login(user)
    return user


def cell(party, column):
    return f"/{party.resource}/{party.public_id}/cell/{column}"


def test_a_cell_is_edited_in_place(client, seller):
    party = make_contact(owner=seller, job_title="Compras")

    form = client.get(cell(party, "job_title"), headers=HTMX).content.decode()
    assert 'value="Compras"' in form and f'value="{party.version}"' in form
    answer = client.post(
        cell(party, "job_title"), {"value": "Gerente", "version": party.version}, headers=HTMX
    )

    assert answer.status_code == 200 and "Gerente" in answer.content.decode()
    party.refresh_from_db()
    assert party.job_title == "Gerente"


def test_a_newer_version_is_not_written_over(client, seller):
    party = make_contact(owner=seller, job_title="Compras")
    client.post(cell(party, "source"), {"value": "feria", "version": party.version}, headers=HTMX)

    answer = client.post(
        cell(party, "job_title"), {"value": "Otro", "version": party.version}, headers=HTMX
    )

    assert answer.status_code == 409
    party.refresh_from_db()
    assert (party.job_title, party.source) == ("Compras", "feria")


@pytest.mark.parametrize(
    ("column", "value"),
    [("lifecycle", "nope"), ("birthday", "2999-01-01"), ("birthday", "x"), ("job_title", "\0"),
     ("owner", "nobody"), ("tags", "a" * 60), ("job_title", "x" * 999)],
)  # fmt: skip
def test_a_bad_value_is_told_in_the_cell(client, seller, column, value):
    party = make_contact(owner=seller)
    assert client.post(cell(party, column), {"value": value}, headers=HTMX).status_code == 422


def test_owner_tags_and_numbers_are_edited_too(client, seller):
    party, colleague = make_company(owner=seller), make_user(team=seller.team)
    for column, value in (("size", "12"), ("tags", "vip, feria"), ("lifecycle", "customer"),
                          ("owner", ids.encode("user", colleague.pk))):  # fmt: skip
        answer = client.post(cell(party, column), {"value": value}, headers=HTMX)
        assert answer.status_code == 200, column
    party.refresh_from_db()
    assert (party.size, party.tags, party.owner) == (12, ["vip", "feria"], colleague)


def test_only_who_may_edit_gets_the_field(client, seller):
    ours, theirs = make_contact(owner=make_user(team=seller.team)), make_contact(owner=make_user())

    for party in (ours, theirs):
        assert client.get(cell(party, "job_title")).status_code == 404
        assert client.post(cell(party, "job_title"), {"value": "x"}).status_code == 404
    mine = make_contact(owner=seller)
    for column in ("emails", "nope", "search", "binned_at"):
        assert client.get(cell(mine, column)).status_code == 404
    assert client.get("/contacts/nope/cell/job_title").status_code == 404
    assert 'data-edit="' in client.get("/contacts?q=&columns=job_title").content.decode()


def test_a_closer_look_says_the_essential(client, seller):
    party = make_contact(given_name="Begoña", owner=seller, phones=["600111222"])
    make_interaction(party=party, by=seller, subject="Pidió precio")

    page = client.get(f"/contacts/{party.public_id}/peek").content.decode()

    assert "Begoña" in page and "tel:+34600111222" in page and "Pidió precio" in page
    theirs = make_contact(owner=make_user(team=make_team()))
    assert client.get(f"/contacts/{theirs.public_id}/peek").status_code == 404
    assert client.get(f"/companies/{party.public_id}/peek").status_code == 404
