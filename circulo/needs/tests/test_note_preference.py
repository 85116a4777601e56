"""What is known of somebody is dated, ranked and kept."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from circulo.lib.errors import Invalid, RuleBroken
from circulo.needs import actions
from circulo.needs.actions import Statement
from circulo.needs.answers import Said, read
from circulo.needs.models import Preference
from circulo.testing.cost import query_cost
from circulo.testing.make import (
    make_company,
    make_contact,
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


def test_what_is_noted_stands_on_the_timeline(in_english):
    ana, seller, wine = make_contact(), make_user(), make_topic(short_en="Wine", short_es="Vino")

    noted = make_preference(wine, "Tinto", party=ana, by=seller)

    assert (noted.picked, noted.marks, noted.sort) == (["red"], ["wine=red"], "preference")
    assert noted.wording == "Vino: Tinto · Wine: Red"
    told = Interaction.objects.of(Kind.PREFERENCE_NOTED).get()
    assert (told.party, told.by, told.subject) == (ana, seller, "Wine")
    assert (told.about_kind, told.about_id) == ("preference", noted.pk)


def test_what_is_said_later_takes_its_place_and_history_is_kept():
    ana, wine = make_contact(), make_topic()
    first = make_preference(wine, "red", party=ana, said_at=ago(300), rank=2)

    second = make_preference(wine, "white", party=ana, said_at=ago(10))

    first.refresh_from_db()
    assert (first.successor, first.ended_at) == (second, second.said_at)
    assert list(Preference.objects.current()) == [second]
    assert second.rank == 2


def test_what_was_said_earlier_goes_into_history_at_once():
    ana, wine = make_contact(), make_topic()
    holds = make_preference(wine, "red", party=ana, said_at=ago(10))

    late = make_preference(wine, "white", party=ana, said_at=ago(300))

    assert (late.successor, late.ended_at) == (holds, holds.said_at)
    assert list(Preference.objects.current()) == [holds]


def test_many_are_noted_at_the_cost_of_one():
    topics = [make_topic() for _ in range(8)]

    def cost_of(parties, topics):
        said = [Statement(party, topic, read(topic, "red")) for party in parties
                for topic in topics]  # fmt: skip
        return query_cost(actions.note_preferences, said, by=None)

    one = cost_of([make_contact()], topics[:1])
    assert cost_of([make_contact() for _ in range(5)], topics) == one


def test_the_same_words_twice_are_one_that_was_confirmed():
    ana = make_contact()
    make_preference(party=ana, value="Sin gluten", sort="need", said_at=ago(400))
    make_preference(party=ana, value="sin GLUTEN", sort="need")
    assert Preference.objects.current().get().text == "sin GLUTEN"
    assert Preference.objects.count() == 2


def test_two_answers_to_one_topic_in_one_go_follow_each_other():
    ana, wine = make_contact(), make_topic()
    rows = actions.note_preferences(
        [
            Statement(ana, wine, read(wine, "white"), said_at=ago(1)),
            Statement(ana, wine, read(wine, "red"), said_at=ago(9)),
        ],
        by=None,
    )
    assert Preference.objects.current().get() == rows[0]
    rows[1].refresh_from_db()
    assert rows[1].successor == rows[0]


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"sort": "fact", "said": Said(text="x")}, "kind"),
        ({"sort": "like", "said": Said(text="x"), "strength": 3}, "strength"),
        ({"sort": "like", "said": Said(text="x"), "rank": 0}, "rank"),
        ({"sort": "like", "said": Said(text="x"), "source": "dreamt"}, "source"),
        ({"sort": "like", "said": Said(text="x"), "said_at": ago(-2)}, "said_at"),
        ({"sort": "like", "said": Said(text=" ")}, "text"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(values, at):
    with pytest.raises(Invalid) as refused:
        actions.note_preference(Statement(make_contact(), **values), by=None)
    assert at in refused.value.fields


@pytest.mark.parametrize(
    ("answer", "said", "kept"),
    [
        ("choice", "tinto", Said(picked=["red"])),
        ("several", "Rosé; tinto", Said(picked=["red", "rose"])),
        ("scale", "4", Said(amount=Decimal(4))),
        ("number", "1.234,5", Said(amount=Decimal("1234.5"))),
        ("text", " sin  sal ", Said(text="sin sal")),
        ("yes_no", "Sí", Said(is_so=True)),
        ("date", "2026-02-14", Said(day=date(2026, 2, 14))),
    ],
)
def test_every_kind_of_answer_is_understood_as_people_write_it(answer, said, kept):
    assert read(make_topic(answer), said) == kept


@pytest.mark.parametrize(
    ("answer", "said"),
    [("choice", "azul"), ("several", ["red", "blue"]), ("scale", 6), ("number", "mucho"),
     ("text", ""), ("yes_no", "quizá"), ("date", "mañana"), ("choice", 3), ("number", True)],
)  # fmt: skip
def test_what_answers_nothing_is_refused(answer, said):
    with pytest.raises(Invalid):
        read(make_topic(answer), said)


def test_what_is_withdrawn_comes_back_unless_something_newer_stands(client):
    admin = make_user("admin")
    client.force_login(admin)
    liked = make_preference(by=admin)

    client.post(reverse("needs:withdraw", args=[liked.public_id]))
    assert not Preference.objects.current().exists()
    assert Interaction.objects.of(Kind.PREFERENCE_WITHDRAWN).count() == 1

    client.post(reverse("needs:restore", args=[liked.public_id]))
    assert Preference.objects.current().get() == liked

    actions.withdraw_preference(liked, by=admin)
    make_preference(party=liked.party)
    with pytest.raises(RuleBroken):
        actions.restore_preference(liked, by=admin)


def test_what_matters_most_comes_first():
    ana = make_contact()
    for text in ("Queso", "Jamón", "Pan"):
        make_preference(party=ana, value=text)
    bread = Preference.objects.get(text="Pan")

    actions.rank_first(bread, by=None)

    assert [row.text for row in Preference.objects.current().ranked()][0] == "Pan"


def test_one_line_on_the_page_notes_an_answer_or_free_words(client):
    seller, wine = make_user(), make_topic()
    ana = make_contact(owner=seller)
    client.force_login(seller)
    url = reverse("needs:note", args=[ana.public_id])

    client.post(url, {"what": wine.key, "text": "rosado"})
    answer = client.post(url, {"what": "need", "text": "Sin gluten", "is_strong": "on"},
                         headers={"HX-Request": "true"})  # fmt: skip

    assert answer.status_code == 200 and b"Sin gluten" in answer.content
    assert set(Preference.objects.values_list("wording", "strength")) == {
        (Preference.objects.get(topic=wine).wording, 0), ("Sin gluten", 2),
    }  # fmt: skip
    refused = client.post(url, {"what": wine.key, "text": "azul"}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#note-need")
    assert "Rosado" in refused.text


def test_the_needs_of_a_colleague_s_contact_are_not_there(client):
    other = make_user(team=make_team())
    noted = make_preference(party=make_contact(owner=other), by=other)
    client.force_login(make_user(team=make_team()))
    for name in ("needs", "note", "begin"):
        assert client.get(reverse(f"needs:{name}", args=[noted.party.public_id])).status_code == 404
    for name in ("withdraw", "restore", "rank_first"):
        assert client.post(reverse(f"needs:{name}", args=[noted.public_id])).status_code == 404
    assert Preference.objects.current().get() == noted


def test_who_may_only_read_notes_and_withdraws_nothing(client):
    noted = make_preference(party=make_company())
    client.force_login(make_user("auditor"))
    page = client.get(noted.party.get_absolute_url())
    assert b"Aceitunas" in page.content and b"needs/note" not in page.content
    assert client.post(reverse("needs:note", args=[noted.party.public_id])).status_code == 403
    assert client.post(reverse("needs:withdraw", args=[noted.public_id])).status_code == 404


def test_all_that_is_known_costs_the_same_for_one_as_for_many(client):
    admin, ana = make_user("admin"), make_contact()
    client.force_login(admin)
    make_preference(party=ana)
    url = reverse("needs:needs", args=[ana.public_id])
    client.get(url)
    cost_of_one = query_cost(client.get, url)
    for number in range(6):
        make_preference(make_topic(), "red", party=ana, said_at=ago(number * 200))
    assert query_cost(client.get, url) == cost_of_one


def test_the_page_of_a_note_sends_it_as_a_form_and_renews_no_panel(client):
    seller = make_user()
    client.force_login(seller)
    path = f"/parties/{make_contact(owner=seller).public_id}/needs/note"

    page = client.get(path).content.decode()

    assert f'action="{path}"' in page
    assert 'hx-target="#needs"' not in page
