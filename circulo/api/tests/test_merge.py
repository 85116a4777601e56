import pytest

from circulo.api.tests.calls import Program
from circulo.parties.models import Party
from circulo.testing.make import make_company, make_contact, make_interaction, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def program(seller):
    return Program(seller)


def merge(program, survivor, *others, **said):
    headers = said.pop("headers", {})
    body = {"others": [other.public_id for other in others]} | said
    return program.post(f"contacts/{survivor.public_id}/merge", body, **headers)


def test_records_are_merged_once_however_often_one_asks(program, seller):
    stays, goes = make_contact(owner=seller), make_contact(owner=seller, job_title="Jefa")
    told = make_interaction(party=goes, by=seller)

    first, again = merge(program, stays, goes), merge(program, stays, goes)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() and first["ETag"] == again["ETag"]
    assert first.json()["job_title"] == "Jefa"
    assert stays.interactions.get() == told


def test_the_old_address_says_what_became_of_it(program, seller):
    stays, goes = make_contact(owner=seller), make_contact(owner=seller)
    merge(program, stays, goes)

    for path in ("", "/overview"):
        old = program.get(f"contacts/{goes.public_id}{path}")
        assert old.status_code == 404
        assert old.json()["error"]["merged_into"] == stays.public_id
    assert Program(make_user()).get(f"contacts/{goes.public_id}").json()["error"]["code"] == (
        "not_found"
    )


def test_the_value_of_a_field_is_taken_from_the_record_that_is_named(program, seller):
    stays = make_contact(owner=seller, job_title="Jefa")
    goes = make_contact(owner=seller, job_title="Directora")

    answer = merge(program, stays, goes, choices={"job_title": goes.public_id})

    assert answer.json()["job_title"] == "Directora"


def test_a_stale_version_is_refused(program, seller):
    stays, goes = make_contact(owner=seller), make_contact(owner=seller)

    answer = merge(program, stays, goes, headers={"If_Match": '"7"'})

    assert answer.status_code == 409
    assert Party.objects.get(pk=goes.pk).merged_into is None


def test_what_one_may_not_change_is_not_merged(program, seller):
    stays, strange, firm = make_contact(owner=seller), make_contact(), make_company(owner=seller)

    assert merge(program, stays, strange).status_code == 422
    assert merge(program, stays, firm).status_code == 422
    assert merge(program, stays, stays).status_code == 422
    assert merge(program, strange, stays).status_code == 404


@pytest.mark.parametrize(
    "said",
    [{}, {"others": []}, {"others": "x"}, {"others": [None]}, {"others": [1], "choices": []},
     {"others": ["0000000000"], "choices": {"version": "x"}}, {"more": 1}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(program, seller, said):
    stays = make_contact(owner=seller)

    assert program.post(f"contacts/{stays.public_id}/merge", said).status_code == 422
