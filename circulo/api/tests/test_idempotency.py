from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from circulo.api.jobs import forget_answers
from circulo.api.models import StoredAnswer
from circulo.api.tests.calls import Program
from circulo.parties.models import Party
from circulo.testing.make import make_contact, make_user

ANA = {"given_name": "Ana", "first_surname": "Ruiz"}


@pytest.mark.django_db
def test_the_same_call_twice_counts_once():
    seller = Program(make_user())

    first = seller.post("contacts", ANA, Idempotency_Key="one")
    again = seller.post("contacts", ANA, Idempotency_Key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("ETag", "Location", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Party.objects.count() == 1


@pytest.mark.django_db
def test_another_body_with_the_same_key_is_refused():
    seller, other = Program(make_user()), Program(make_user())
    seller.post("contacts", ANA, Idempotency_Key="one")

    refused = seller.post("contacts", ANA | {"title": "Dra."}, Idempotency_Key="one")

    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "key_reused")
    assert other.post("contacts", ANA, Idempotency_Key="one").status_code == 201
    assert seller.post("companies", ANA, Idempotency_Key="one").status_code == 422
    assert seller.post("contacts", ANA, Idempotency_Key="").status_code == 400


@pytest.mark.django_db
def test_what_was_refused_may_be_mended_and_sent_again():
    seller = Program(make_user())

    assert seller.post("contacts", {"emails": ["x"]}, Idempotency_Key="one").status_code == 422
    assert seller.post("contacts", ANA, Idempotency_Key="one").status_code == 201


@pytest.mark.django_db
def test_a_change_that_was_answered_is_not_made_again():
    seller = Program(make_user())
    person = make_contact(owner=seller.user)
    where, said = f"contacts/{person.public_id}", {"job_title": "Jefa"}

    first = seller.patch(where, said, Idempotency_Key="one", If_Match='"1"')
    again = seller.patch(where, said, Idempotency_Key="one", If_Match='"1"')

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    gone = [seller.delete(where, Idempotency_Key="two").status_code for _ in range(2)]
    assert gone == [204, 204]


@pytest.mark.django_db
def test_answers_are_kept_for_a_day():
    seller = Program(make_user())
    seller.post("contacts", ANA, Idempotency_Key="one")
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert seller.post("contacts", ANA, Idempotency_Key="one").status_code == 201
    assert Party.objects.count() == 2
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget_answers(0)
    assert not StoredAnswer.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_at_once_count_once():
    seller = Program(make_user("admin"))

    def send(_number: int) -> tuple[int, bytes]:
        try:
            answer = seller.post("contacts", ANA, Idempotency_Key="one")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(send, range(20)))

    assert {status for status, _content in answers} == {201}
    assert len({content for _status, content in answers}) == 1
    assert Party.objects.count() == 1
