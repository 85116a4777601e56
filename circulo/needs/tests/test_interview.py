"""An interview is held one question at a time, the one worth most first, and can be left."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.lib.errors import Invalid, RuleBroken
from circulo.needs import actions
from circulo.needs.actions import Asked
from circulo.needs.actions.interviews import questions_asked
from circulo.needs.certainty import certainty
from circulo.needs.models import Asking, Preference, Sitting
from circulo.needs.selectors.sittings import stand
from circulo.needs.selectors.worth import questions
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_contact,
    make_interview,
    make_preference,
    make_team,
    make_topic,
    make_user,
)
from circulo.timeline.kinds import Kind
from circulo.timeline.models import Interaction

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


def test_a_question_is_worth_what_is_not_known_times_its_weight():
    ana = make_contact()
    new, old, fresh, asked = (make_topic(weight=4, half_life_days=100) for _ in range(4))
    make_preference(old, "red", party=ana, said_at=ago(100))
    make_preference(fresh, "red", party=ana, said_at=ago(0))
    sitting = actions.begin_interview(ana, None, by=None)
    actions.skip_question(sitting, asked, by=None, at=ago(3))

    worth = {topic.pk: topic.worth for topic in questions(ana.pk)}

    assert worth[new.pk] == 4
    assert worth[old.pk] == pytest.approx(2, abs=0.01)
    assert worth[old.pk] == pytest.approx(
        4 * (1 - certainty(ago(100), 100, timezone.now())), abs=0.01
    )
    assert worth[fresh.pk] == pytest.approx(0, abs=0.01)
    assert worth[asked.pk] == 0


def test_without_a_template_the_five_worth_most_are_asked():
    ana = make_contact()
    topics = [make_topic(weight=weight) for weight in (1, 9, 3, 7, 5, 8, 2)]
    sitting = actions.begin_interview(ana, None, by=None)
    asked = []
    while (topic := stand(sitting).topic) is not None:
        asked.append(topic.weight)
        actions.answer_question(sitting, topic, "red", by=None)
    assert asked == [9, 8, 7, 5, 3]
    assert len(topics) == 7


def test_answers_are_kept_when_given_and_the_interview_is_taken_up_where_it_was_left():
    ana, seller = make_contact(), make_user()
    first, second = make_topic("yes_no"), make_topic()
    interview = make_interview(first, second)
    sitting = actions.begin_interview(ana, interview, by=seller)
    actions.answer_question(sitting, first, "yes", by=seller)

    again = actions.begin_interview(ana, interview, by=make_user())

    assert again == sitting
    assert stand(again).topic == second
    assert Preference.objects.get(topic=first).is_so is True
    actions.end_interview(again, by=seller)
    assert Interaction.objects.of(Kind.INTERVIEW_HELD).get().party == ana
    with pytest.raises(RuleBroken):
        actions.answer_question(again, second, "red", by=seller)


def test_a_question_depends_on_an_answer_before_it():
    ana = make_contact()
    drinks, wine, many = make_topic("yes_no"), make_topic(), make_topic("number")
    bulk = make_topic("text")
    interview = make_interview(
        drinks, Asked(wine, drinks, "is", "yes"), many, Asked(bulk, many, "at_least", "10")
    )
    sitting = actions.begin_interview(ana, interview, by=None)

    actions.answer_question(sitting, drinks, "no", by=None)
    assert stand(sitting).topic == many
    actions.answer_question(sitting, many, "12", by=None)
    assert stand(sitting).topic == bulk
    actions.answer_question(sitting, drinks, "yes", by=None)
    assert stand(sitting).topic == wine


def test_other_questions_are_a_new_version_and_who_began_goes_on_with_the_old_one():
    ana = make_contact()
    old, new = make_topic(), make_topic()
    interview = make_interview(old)
    sitting = actions.begin_interview(ana, interview, by=None)

    changed = actions.change_interview(interview, {}, [Asked(new)], by=None)

    assert changed.version == 2
    assert stand(sitting).topic == old
    later = actions.begin_interview(make_contact(), changed, by=None)
    assert stand(later).topic == new
    same = actions.change_interview(
        changed, {"name_en": "Other"}, questions_asked(changed), by=None
    )
    assert same.version == 2


def test_nobody_is_asked_the_same_again_before_it_has_rested():
    ana, wine, size = make_contact(), make_topic(rest_days=60), make_topic(rest_days=5)
    interview = make_interview(wine, size)
    first = actions.begin_interview(ana, interview, by=None)
    for topic in (wine, size):
        actions.answer_question(first, topic, "red", by=None, at=ago(30))
    actions.end_interview(first, by=None)

    second = actions.begin_interview(ana, interview, by=None)

    assert stand(second).topic == size
    assert stand(second).total == 1


def test_an_answer_that_is_given_again_holds_and_is_asked_once():
    ana, wine = make_contact(), make_topic()
    sitting = actions.begin_interview(ana, make_interview(wine, make_topic()), by=None)
    actions.answer_question(sitting, wine, "red", by=None)
    actions.answer_question(sitting, wine, "white", by=None)
    assert Preference.objects.current().get().picked == ["white"]
    assert Asking.objects.get().was_answered


@pytest.mark.parametrize("test", [("is", "maybe"), ("at_least", "yes"), ("", "yes"), ("is", "")])
def test_a_condition_that_can_never_hold_is_refused(test):
    drinks = make_topic("yes_no")
    with pytest.raises(Invalid):
        make_interview(drinks, Asked(make_topic(), drinks, *test))


def test_a_question_cannot_depend_on_a_later_one_nor_come_twice():
    one, two = make_topic("yes_no"), make_topic()
    with pytest.raises(Invalid):
        make_interview(Asked(two, one, "is", "yes"), one)
    with pytest.raises(Invalid):
        make_interview(one, one)


def test_the_screen_takes_an_answer_a_skip_and_tells_what_was_wrong(client):
    seller = make_user()
    ana = make_contact(owner=seller)
    count, wine = make_topic("number"), make_topic("several")
    interview = make_interview(count, wine)
    client.force_login(seller)

    begun = client.post(reverse("needs:begin", args=[ana.public_id]),
                        {"interview": interview.public_id})  # fmt: skip
    url = begun["Location"]
    assert count.question in client.get(url).text
    wrong = client.post(url, {"topic": count.key, "value": "muchas"})
    assert wrong.status_code == 422 and 'value="muchas"' in wrong.text
    assert client.post(url, {"topic": count.key, "value": "12"})["Location"] == url
    client.post(url, {"topic": count.key, "value": "99"})  # sent twice: the question is gone
    assert client.post(url, {"topic": wine.key, "skip": "1"}).status_code == 302
    done = client.get(url)

    assert done.status_code == 200 and ana.name in done.text
    assert Preference.objects.get().amount == 12
    assert Sitting.objects.get().ended_at is not None


def test_the_interview_with_a_colleague_s_contact_is_not_there(client):
    other = make_user(team=make_team())
    sitting = actions.begin_interview(make_contact(owner=other), make_interview(), by=other)
    client.force_login(make_user(team=make_team()))
    assert client.get(reverse("needs:question", args=[sitting.public_id])).status_code == 404
    assert client.post(reverse("needs:end", args=[sitting.public_id])).status_code == 404


def test_a_question_costs_the_same_however_many_there_are(client):
    admin = make_user("admin")
    client.force_login(admin)
    interview = make_interview(make_topic())
    sitting = actions.begin_interview(make_contact(), interview, by=admin)
    url = reverse("needs:question", args=[sitting.public_id])
    client.get(url)
    cost_of_one = query_cost(client.get, url)
    long = make_interview(*(make_topic() for _ in range(7)))
    other = actions.begin_interview(make_contact(), long, by=admin)
    actions.answer_question(other, stand(other).topic, "red", by=admin)
    url = reverse("needs:question", args=[other.public_id])
    assert query_cost(client.get, url) == cost_of_one
