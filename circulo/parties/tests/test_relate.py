from datetime import date, timedelta

import pytest
from django.utils import timezone

from circulo.lib import ids
from circulo.parties import actions
from circulo.parties.models import Party, Relationship
from circulo.records.verify import verify
from circulo.testing.make import make_company, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def test_two_people_are_related_by_name_and_the_page_tells_both(client):
    seller = make_user()
    client.force_login(seller)
    ana, blas = make_contact(owner=seller), make_contact(owner=seller, given_name="Blas")

    said = {"kind": "referred_by", "other": "blas garcía", "role": "", "since": "2024-01-31"}
    answer = client.post(f"/parties/{ana.public_id}/relate", said)

    assert answer.status_code == 302
    related = Relationship.objects.get()
    assert (related.party, related.other, str(related.since)) == (ana, blas, "2024-01-31")
    assert blas.get_absolute_url() in client.get(ana.get_absolute_url()).content.decode()
    assert ana.get_absolute_url() in client.get(blas.get_absolute_url()).content.decode()


def test_twice_the_same_is_refused_with_its_reason(client):
    seller = make_user()
    client.force_login(seller)
    ana, blas = make_contact(owner=seller), make_contact(owner=seller)
    actions.relate(ana, "household", blas, by=seller)

    said = {"kind": "household", "other": blas.public_id}
    answer = client.post(f"/parties/{ana.public_id}/relate", said)

    assert answer.status_code == 422 and Relationship.objects.count() == 1


@pytest.mark.parametrize("said", [
    {}, {"kind": "x", "other": "y"}, {"kind": "household", "other": "nobody at all"},
    {"kind": "household", "other": "itself"}, {"kind": "household", "other": "\0"},
    {"kind": "household", "other": "other", "since": "0000-00-00"},
])  # fmt: skip
def test_what_cannot_be_is_refused(client, said):
    seller = make_user()
    client.force_login(seller)
    ana, blas = make_contact(owner=seller), make_contact(owner=seller)
    names = {"itself": ana.public_id, "other": blas.public_id}
    said = {**said, "other": names.get(said.get("other"), said.get("other", ""))}

    assert client.post(f"/parties/{ana.public_id}/relate", said).status_code == 422


def test_nobody_relates_to_whom_they_may_not_see_nor_changes_what_is_not_theirs(client):
    norte, sur = make_team(), make_team()
    seller, stranger = make_user(team=norte), make_user(team=sur)
    mine, theirs = make_contact(owner=seller), make_contact(owner=stranger)
    client.force_login(seller)

    said = {"kind": "household", "other": theirs.public_id}
    assert client.post(f"/parties/{mine.public_id}/relate", said).status_code == 422
    assert client.get(f"/parties/{theirs.public_id}/relate").status_code == 404
    told = actions.relate(theirs, "household", make_contact(owner=stranger), by=stranger)
    ending = f"/relationships/{ids.encode('relationship', told.pk)}/end"
    assert client.post(ending).status_code == 404


def test_a_relationship_ends_and_stays_in_the_history(client):
    seller = make_user()
    client.force_login(seller)
    ana, blas = make_contact(owner=seller), make_contact(owner=seller)
    told = actions.relate(ana, "household", blas, by=seller)

    answer = client.post(f"/relationships/{ids.encode('relationship', told.pk)}/end")
    again = client.post(f"/relationships/{ids.encode('relationship', told.pk)}/end")

    told.refresh_from_db()
    assert (answer.status_code, again.status_code) == (302, 302) and told.until is not None


@pytest.mark.parametrize("days", [-30, 30])
def test_a_job_whose_end_is_written_afterwards_leaves_no_company_behind(days):
    seller = make_user()
    ana = make_contact(owner=seller, company=make_company(owner=seller))
    job = Relationship.objects.get(party=ana)

    until = timezone.localdate() + timedelta(days=days)
    actions.change_relationship(job, {"until": until}, by=seller)

    ana.refresh_from_db()
    assert ana.company is None and verify() == []


def test_the_end_of_an_earlier_job_may_be_mended_while_the_same_job_goes_on():
    seller = make_user()
    ana, firm = make_contact(owner=seller), make_company(owner=seller)
    earlier = actions.relate(ana, "works_at", firm, by=seller)
    actions.end_relationship(earlier, by=seller)
    actions.relate(ana, "works_at", firm, by=seller)
    Party.objects.filter(pk=ana.pk).update(company=firm)

    actions.change_relationship(earlier, {"until": date(2020, 5, 1)}, by=seller)

    ana.refresh_from_db()
    assert ana.company == firm and verify() == []
