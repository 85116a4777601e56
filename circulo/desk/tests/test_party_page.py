import pytest

from circulo.testing.cost import query_cost
from circulo.testing.make import make_company, make_contact, make_interaction, make_team, make_user
from circulo.timeline.kinds import Kind

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 10


def body(answer):
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def test_the_page_answers_who_since_when_how_to_reach_and_what_next(client):
    seller = make_user()
    client.force_login(seller)
    firm = make_company(owner=seller, name="Alimentos Duero")
    party = make_contact(
        owner=seller, company=firm, given_name="Begoña", first_surname="Núñez",
        emails=["b@duero.example"], phones=["612345678"], job_title="Compras",
        addresses=[{"street": "Mayor 1", "city": "Soria", "postal_code": "42001", "country": "ES"}],
        tax_id="12345678Z", tags=["fair"],
    )  # fmt: skip
    make_interaction(party=party, by=seller, kind=Kind.EMAIL, direction="in", subject="Re: offer")

    page = body(client.get(party.get_absolute_url()))

    for part in ("Begoña Núñez", "Compras", firm.get_absolute_url(), 'href="tel:+34612345678"',
                 'href="mailto:b@duero.example"', "https://wa.me/34612345678", "42001 Soria",
                 "openstreetmap.org", "12345678Z", "fair", "Re: offer",
                 f"{party.get_absolute_url()}/edit",
                 f'topic="party:{party.public_id}"', "panel next spark"):  # fmt: skip
        assert part in page, part
    assert party.get_absolute_url() in body(client.get(firm.get_absolute_url()))


def test_it_costs_the_same_for_one_interaction_as_for_fifty(client):
    team = make_team()
    seller = make_user(team=team)
    client.force_login(make_user("manager", team=team))
    party = make_contact(owner=seller)
    make_interaction(party=party, by=seller)
    client.get(party.get_absolute_url())
    cost_of_one = query_cost(client.get, party.get_absolute_url())
    for _ in range(50):
        make_interaction(party=party, by=seller)

    assert query_cost(client.get, party.get_absolute_url()) == cost_of_one <= MOST_STATEMENTS


@pytest.mark.parametrize("role,own,mate,stranger", [
    ("seller", 200, 200, 404), ("manager", 200, 200, 404), ("agent", 200, 200, 200),
    ("auditor", 200, 200, 200), ("admin", 200, 200, 200),
])  # fmt: skip
def test_each_role_sees_whom_it_may(client, role, own, mate, stranger):
    norte, sur = make_team(), make_team()
    user = make_user(role, team=norte)
    client.force_login(user)
    for owner, status in (
        (user, own),
        (make_user(team=norte), mate),
        (make_user(team=sur), stranger),
    ):
        for party in (make_contact(owner=owner), make_company(owner=owner)):
            assert client.get(party.get_absolute_url()).status_code == status


def test_a_role_that_may_only_look_gets_no_acts(client):
    party = make_contact(owner=make_user(), emails=["a@example.com"])
    client.force_login(make_user("auditor"))

    page = body(client.get(party.get_absolute_url()))

    for act in ("/edit", "/bin", "/log", "/relate", "/add"):
        assert f'{act}"' not in page, act


def test_fields_hidden_by_the_role_are_not_on_the_page(client):
    seller = make_user(name="Nadie")
    seller.role.hidden = {
        "contacts": ["phones", "tax_id", "notes", "addresses", "birthday", "emails"]
    }
    seller.role.save()
    client.force_login(seller)
    party = make_contact(
        owner=seller, phones=["612345678"], tax_id="12345678Z", notes="Whispered",
        emails=["b@duero.example"], birthday="1980-02-14", addresses=[{"city": "Soria"}],
    )  # fmt: skip

    page = client.get(party.get_absolute_url()).content.decode()

    for secret in ("612345678", "612 34", "12345678Z", "Whispered", "duero", "1980", "Soria"):
        assert secret not in page, secret


def test_what_a_party_brought_in_is_text_and_never_markup(client):
    seller = make_user()
    client.force_login(seller)
    evil = '"><script>alert(1)</script>'
    party = make_contact(
        owner=seller, given_name=evil, job_title=evil, tags=[evil], source=evil, notes=evil,
        phones=[{"value": "612345678", "label": evil[:25]}],
        addresses=[{"street": evil, "city": evil}], custom={"x": evil},
    )  # fmt: skip
    make_interaction(
        party=party,
        by=seller,
        subject=evil,
        body=evil * 60,
        data={"minutes": evil, "outcome": evil},
    )

    for url in (party.get_absolute_url(), f"{party.get_absolute_url()}/edit"):
        assert "<script>alert" not in client.get(url).content.decode()


def test_a_contact_is_not_found_under_companies_nor_by_a_wrong_name(client):
    seller = make_user()
    client.force_login(seller)
    party = make_contact(owner=seller)

    assert client.get(f"/companies/{party.public_id}").status_code == 404
    assert client.get("/contacts/0000000000").status_code == 404
    assert client.get("/contacts/%00").status_code == 404


def test_live_updates_are_for_who_may_see_the_party():
    from circulo.web.live import may_follow

    norte, sur = make_team(), make_team()
    seller = make_user(team=norte)
    party = make_contact(owner=seller)

    assert may_follow(seller, f"party:{party.public_id}")
    assert not may_follow(make_user(team=sur), f"party:{party.public_id}")
    assert not may_follow(seller, "party:nonsense")
