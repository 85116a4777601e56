"""What one was told, and of what one wants to be told, for other programs."""

import pytest

from circulo.accounts import actions
from circulo.accounts.actions import Notice
from circulo.accounts.models import NotificationChoice
from circulo.api.tests.calls import Program
from circulo.testing.cost import query_cost
from circulo.testing.make import make_contact, make_task, make_team, make_user

pytestmark = pytest.mark.django_db
KIND = "agenda.assigned"


@pytest.fixture
def program():
    return Program(make_user(language="en"))


def tell(user, about=None):
    actions.notify([Notice(KIND, user.pk, {"who": "Eva", "title": "Cata"}, about, "/x")], by=None)


def test_a_program_reads_what_its_user_was_told_page_by_page(program):
    for _ in range(3):
        tell(program.user)
    tell(make_user())

    first = program.get("notifications", limit=2).json()
    rest = program.get("notifications", limit=2, cursor=first["next"]).json()

    assert [len(page["items"]) for page in (first, rest)] == [2, 1] and rest["next"] is None
    assert [(page["count"], page["count_is_exact"]) for page in (first, rest)] == [(3, True)] * 2
    said = rest["items"][0]
    assert (said["kind"], said["text"], said["url"]) == (KIND, "Eva gave you: Cata", "/x")
    assert program.get(f"notifications/{said['id']}").json() == said
    assert program.get("notifications", cursor="x").status_code == 400


def test_one_or_all_that_are_older_are_marked_as_read(program):
    for _ in range(3):
        tell(program.user)
    newest, middle, _oldest = program.get("notifications").json()["items"]

    assert program.post(f"notifications/{newest['id']}/read", {}).json()["read_at"]
    assert len(program.get("notifications", unread="true").json()["items"]) == 2
    program.post(f"notifications/{middle['id']}/read", {"with_older": True})
    assert program.get("notifications", unread="true").json()["items"] == []
    assert len(program.get("notifications", unread="false").json()["items"]) == 3


def test_those_of_others_and_what_may_not_be_seen_are_not_there(program):
    other = Program(make_user())
    tell(other.user)
    (theirs,) = other.get("notifications").json()["items"]
    assert program.get(f"notifications/{theirs['id']}").status_code == 404
    assert program.post(f"notifications/{theirs['id']}/read", {}).status_code == 404

    tell(program.user, about=make_task(owner=make_user(team=make_team("Sur"))))
    (hidden,) = program.get("notifications").json()["items"]
    assert (hidden["about"], hidden["url"]) == (None, "") and "Cata" not in hidden["text"]


def test_what_to_be_told_is_changed_by_name_and_the_rest_stays(program):
    before = program.get("notification-settings").json()
    assert before["quiet_from"] == "21:00" and {"kind", "label", "here", "mail", "push"} == set(
        before["kinds"][0]
    )

    said = {"kinds": [{"kind": KIND, "mail": False}], "quiet_from": None, "quiet_until": None}
    after = program.patch("notification-settings", said).json()

    assert after["quiet_until"] is None
    row = NotificationChoice.objects.get()
    assert (row.kind, row.is_shown, row.is_mailed, row.is_pushed) == (KIND, True, False, True)
    assert program.patch("notification-settings", after).json() == after


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": None}, {"quiet_from": "25:00"}, {"quiet_from": 9}, {"kinds": 3},
        {"kinds": [{"kind": "x"}]}, {"kinds": [{"kind": KIND, "mail": "yes"}]},
        {"kinds": [{"kind": KIND, "sms": True}]}, {"loud": True},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(program, wrong):
    assert program.patch("notification-settings", wrong).status_code == 422


def test_a_contact_is_followed_and_no_more(program):
    contact = make_contact(owner=program.user)
    where = f"contacts/{contact.public_id}"
    me = {"id": program.user.opaque, "name": program.user.name}

    assert program.post(f"{where}/follow").json() == {"id": contact.public_id, "followers": [me]}
    assert program.get(f"{where}/overview").json()["followers"] == [me]
    assert program.post(f"{where}/unfollow").json()["followers"] == []
    stranger = Program(make_user(team=make_team("Sur")))
    assert stranger.post(f"{where}/follow").status_code == 404


def test_the_list_costs_the_same_for_one_as_for_many(program):
    task = make_task(owner=program.user)
    tell(program.user, about=task)
    program.get("notifications")
    cost = query_cost(program.get, "notifications")
    for _ in range(5):
        tell(program.user, about=task)
    assert query_cost(program.get, "notifications") == cost
